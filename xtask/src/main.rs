fn main() {
    let p = std::env::args().nth(1).unwrap();
    match xtask::document::Document::load(std::path::Path::new(&p)) {
        Ok(d) => println!("{:#?}", d.root),
        Err(f) => print!("{}", xtask::finding::render(&f, &annotate_snippets::Renderer::plain())),
    }
}

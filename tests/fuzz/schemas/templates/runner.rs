fn main() -> anyhow::Result<std::process::ExitCode> {
    let settings = schema_fuzz::batch::Settings { SETTINGS };
    schema_fuzz::run::run(&settings, &[BATCHES])
}

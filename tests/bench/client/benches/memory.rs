//! The peak of the allocator while line items are streamed: `cargo bench -p client-bench`.

use std::hint::black_box;

use allocation_counter::measure;
use client_bench::{ASYNC_ORDER, Failure, Server, client, runtime};

const PAGE: i64 = 500;
const COUNTS: [usize; 3] = [1_000, 10_000, 100_000];

fn main() -> Result<(), Failure> {
    let server = Server::start()?;
    let runtime = runtime()?;
    println!("peak memory while streaming, pages of {PAGE}");
    for count in COUNTS {
        let client = client(server.url())?.build()?;
        let [customer, account, reference] = ASYNC_ORDER;
        let stream = async {
            // What a connection needs is not the stream's.
            client.get_async_order(customer, account, reference).max_results(1).await?;
            Ok::<_, Failure>(())
        };
        runtime.block_on(stream)?;
        let mut seen = Ok(0);
        let memory = measure(|| {
            seen = runtime.block_on(async {
                let request = client.get_async_order(customer, account, reference);
                let mut items = request.max_results(PAGE).line_items();
                let mut seen = 0;
                while let Some(item) = items.next().await.transpose()? {
                    black_box(item);
                    seen += 1;
                    if seen == count {
                        break;
                    }
                }
                Ok::<_, Failure>(seen)
            });
        });
        assert_eq!(seen?, count, "as many line items as were asked for");
        println!("  {count:>7} line items{:>10} KiB", memory.bytes_max >> 10);
    }
    Ok(())
}

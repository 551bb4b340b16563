//! The SDK's client: its chain of credentials and its settings, one try, our deadline, and the proxies of the environment.

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_kms::Client;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};

use crate::key_service::Call;

pub(super) async fn connect(region: &str, call: &Call) -> Client {
    let left = call.time_left();
    let timeouts =
        TimeoutConfig::builder().connect_timeout(Call::CONNECT.min(left)).operation_timeout(left).build();
    // The SDK's default client does not look at HTTPS_PROXY and its kin.
    let http = Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build()
    });
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .http_client(http)
        .load()
        .await;
    Client::new(&config)
}

// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The websocket server that zenoh-ts needs, as zenohd would run it with the remote-api plugin.

use zenoh::internal::plugins::PluginsManager;
use zenoh::internal::runtime::{RuntimeBuilder, ZRuntime};
use zenoh::{Config, Wait};
use zenoh_plugin_remote_api::RemoteApiPlugin;

use crate::commands::{next, say, Command};
use crate::Outcome;

pub fn run(config: Config) -> Outcome<()> {
    let mut plugins = PluginsManager::static_plugins_only();
    plugins.declare_static_plugin::<RemoteApiPlugin, _>("remote_api", true);
    let start = async {
        let mut runtime = RuntimeBuilder::new(config).plugins_manager(plugins).build().await?;
        let session = zenoh::session::init(runtime.clone().into()).await?;
        // The plugins start with the runtime's network.
        runtime.start().await?;
        Ok::<_, zenoh::Error>(session)
    };
    let session = ZRuntime::Application.block_in_place(start)?;
    say("ready");
    while !matches!(next(), Command::Quit) {}
    session.close().wait()?;
    Ok(())
}

// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
//! The certificate of a server, read from PEM files.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

use super::options::TlsFiles;
use crate::fault::{Fault, Outcome};

fn failed(what: &str, path: &str, why: impl std::fmt::Display) -> Fault {
    Fault::new("SERVE_FAILED", format_args!("the {what} file {path} can not be used: {why}"))
}

pub fn acceptor(files: &TlsFiles) -> Outcome<TlsAcceptor> {
    let certificate = |why: &dyn std::fmt::Display| failed("certificate", &files.certificate, why);
    let key = |why: &dyn std::fmt::Display| failed("private key", &files.private_key, why);
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| certificate(&error))?;
    if chain.is_empty() {
        return Err(certificate(&"it holds no certificate in PEM form"));
    }
    let private = PrivateKeyDer::from_pem_file(&files.private_key).map_err(|error| key(&error))?;
    // The process may have several providers of cryptography, and no default.
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| certificate(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| failed("certificate", &format!("{} with {}", files.certificate, files.private_key), error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

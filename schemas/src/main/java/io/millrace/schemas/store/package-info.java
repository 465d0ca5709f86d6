/** The store: paths that never leave it, hashes, and the manifest of a checkpoint. */
package io.millrace.schemas.store;

/** The store: paths that never leave it, hashes, and the manifest of a checkpoint. */
@NullMarked
package io.millrace.schemas.store;

import org.jspecify.annotations.NullMarked;

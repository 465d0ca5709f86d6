/**
 * What de-duplication remembers: ids and contents by their fingerprints, in a store of its own with a filter in front, and in batches on
 * its changelog.
 */
@NullMarked
package io.millrace.ingest.seen;

import org.jspecify.annotations.NullMarked;

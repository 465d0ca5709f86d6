/** Files of examples and texts, read and refused as ingest reads and refuses records. */
@NullMarked
package io.millrace.ingest.file;

import org.jspecify.annotations.NullMarked;

/** Topics of others as sources of examples: how they are configured, and how their records become examples. */
@NullMarked
package io.millrace.ingest.source;

import org.jspecify.annotations.NullMarked;

/** Topics and their configuration, connections, serdes, and what is written to rejected-examples. */
@NullMarked
package io.millrace.schemas.kafka;

import org.jspecify.annotations.NullMarked;

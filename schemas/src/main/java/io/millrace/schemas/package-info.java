/** The wire contract of Millrace: topics, the records on them, their serdes and their JSON Schema files. */
@NullMarked
package io.millrace.schemas;

import org.jspecify.annotations.NullMarked;

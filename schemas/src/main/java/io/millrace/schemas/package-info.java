/** The wire contract of Millrace: topics, the records on them, their serdes and their JSON Schema files. */
package io.millrace.schemas;

/** Topics and their configuration, connections, serdes, and what is written to rejected-examples. */
package io.millrace.schemas.kafka;

package io.millrace.ingest.decode;

import java.util.Map;

/**
 * A schema as the registry has it.
 *
 * @param type {@code AVRO}, {@code PROTOBUF} or {@code JSON}
 * @param text its text
 * @param references the texts of all schemas that it refers to, by the name that it uses for them, each after those it
 *     refers to itself
 */
record RegisteredSchema(String type, String text, Map<String, String> references) {}

package io.millrace.ingest.decode;

import org.apache.avro.Schema;

/** Parses Avro schemas with those that they refer to. */
final class AvroSchemas {

    private AvroSchemas() {}

    static Schema parse(RegisteredSchema registered) {
        // The parser remembers the names of what it has parsed.
        Schema.Parser parser = new Schema.Parser();
        registered.references().values().forEach(parser::parse);
        return parser.parse(registered.text());
    }
}

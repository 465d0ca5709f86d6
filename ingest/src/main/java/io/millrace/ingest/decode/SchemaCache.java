package io.millrace.ingest.decode;

import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.text.LogSafe;

import java.util.HashMap;
import java.util.Map;

/** The parsed schemas of one kind, by their ids. Belongs to one thread. */
final class SchemaCache<S> {

    /** Far more than a topic has; a registry with more is asked again. */
    private static final int MAX_SCHEMAS = 1000;

    private static final int MAX_FAULT_CHARS = 200;

    private final SchemaRegistry registry;
    private final String type;
    private final Parser<S> parser;
    private final Map<Integer, S> schemas = new HashMap<>();

    /** Parses the text of a schema. */
    @FunctionalInterface
    interface Parser<S> {

        /** Throws any runtime exception if the text is no such schema. */
        S parse(RegisteredSchema schema);
    }

    SchemaCache(SchemaRegistry registry, String type, Parser<S> parser) {
        this.registry = registry;
        this.type = type;
        this.parser = parser;
    }

    S of(int id) throws UndecodableException {
        S known = schemas.get(id);
        if (known != null) {
            return known;
        }
        S parsed = parse(id, registry.schema(id));
        if (schemas.size() >= MAX_SCHEMAS) {
            schemas.clear();
        }
        schemas.put(id, parsed);
        return parsed;
    }

    private S parse(int id, RegisteredSchema schema) throws UndecodableException {
        if (!type.equals(schema.type())) {
            throw unreadable("schema " + id + ": expected one of type " + type + ", got "
                    + LogSafe.quoted(schema.type()) + ". Check format of the source");
        }
        try {
            return parser.parse(schema);
        } catch (RuntimeException e) {
            throw unreadable("schema " + id + ": expected a schema that can be read, got one with a fault: "
                    + LogSafe.line(String.valueOf(e.getMessage()), MAX_FAULT_CHARS));
        }
    }

    private static UndecodableException unreadable(String detail) {
        return new UndecodableException(RejectionReason.UNKNOWN_SCHEMA, detail);
    }
}

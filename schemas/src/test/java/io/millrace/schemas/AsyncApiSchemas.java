package io.millrace.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;

import java.util.Map;
import java.util.Set;

/**
 * The schema files as AsyncAPI wants them: in one document, with references inside it. Its schema object is that of JSON Schema draft 7,
 * where words beside a reference do not count; so a reference with something beside it becomes {@code allOf}.
 */
final class AsyncApiSchemas {

    static final String PLACE = "#/components/schemas/";

    private static final String DEFINITIONS = "$defs";
    private static final Set<String> IDENTITY = Set.of("$schema", "$id");

    /** Words that mean the same in draft 7 and in 2020-12. */
    private static final Set<String> COMMON = Set.of(
            "title",
            "description",
            "type",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "enum",
            "const",
            "pattern",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "maxProperties");

    private final SchemaFiles files = new SchemaFiles();

    /** Every record of a topic, and every shared part, by its name in the document. */
    ObjectNode all() {
        ObjectNode schemas = Json.mapper().createObjectNode();
        for (String name : SchemaFiles.names()) {
            String id = SchemaFiles.id(name);
            JsonNode document = files.document(id);
            // The manifest is a file of a checkpoint, and on no topic.
            if (!name.equals("definitions") && !name.equals("checkpoint-manifest")) {
                schemas.set(document.get("title").textValue(), schema(document, id));
            }
            document.path(DEFINITIONS).forEachEntry((part, shared) -> schemas.set(partName(part), schema(shared, id)));
        }
        return schemas;
    }

    private ObjectNode schema(JsonNode source, String id) {
        ObjectNode schema = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> word : source.properties()) {
            JsonNode value = word.getValue();
            switch (word.getKey()) {
                case "$ref" -> refer(schema, source, name(value.textValue(), id));
                case "properties" -> {
                    ObjectNode properties = schema.putObject("properties");
                    value.forEachEntry((name, property) -> properties.set(name, schema(property, id)));
                }
                case "items", "additionalProperties" -> schema.set(word.getKey(), schema(value, id));
                default -> {
                    if (COMMON.contains(word.getKey())) {
                        schema.set(word.getKey(), value);
                    } else if (!IDENTITY.contains(word.getKey())
                            && !word.getKey().equals(DEFINITIONS)) {
                        throw new IllegalStateException("the word " + word.getKey() + " of " + id
                                + " may mean something else in draft 7. Say in AsyncApiSchemas what to write for it.");
                    }
                }
            }
        }
        return schema;
    }

    private static void refer(ObjectNode schema, JsonNode source, String name) {
        if (source.size() == 1) {
            schema.put("$ref", PLACE + name);
        } else {
            ArrayNode all = schema.putArray("allOf");
            all.addObject().put("$ref", PLACE + name);
        }
    }

    private String name(String reference, String id) {
        String[] parts = reference.split("#", 2);
        if (parts.length == 2) {
            return partName(parts[1].substring(("/" + DEFINITIONS + "/").length()));
        }
        return files.document(parts[0].isEmpty() ? id : parts[0]).get("title").textValue();
    }

    private static String partName(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}

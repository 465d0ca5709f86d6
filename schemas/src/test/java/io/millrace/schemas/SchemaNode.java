package io.millrace.schemas;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in a schema file, its references followed.
 *
 * @param files all files
 * @param id {@code $id} of the file that the place is in
 * @param node what stands there
 */
record SchemaNode(SchemaFiles files, String id, JsonNode node) {

    SchemaNode {
        JsonNode reference = node.get("$ref");
        if (reference != null) {
            String[] parts = reference.textValue().split("#", 2);
            id = parts[0].isEmpty() ? id : parts[0];
            node = files.document(id).at(parts.length == 1 ? "" : parts[1]);
            if (node.isMissingNode()) {
                throw new IllegalArgumentException(reference + " names nothing");
            }
        }
    }

    SchemaNode property(String name) {
        return child(node.path("properties").path(name));
    }

    SchemaNode items() {
        return child(node.path("items"));
    }

    SchemaNode mapValues() {
        return child(node.path("additionalProperties"));
    }

    /** Its type; of several the one that Millrace itself writes, which stands first. */
    String type() {
        JsonNode type = node.path("type");
        return (type.isArray() ? type.path(0) : type).asText("none");
    }

    List<String> propertyNames() {
        List<String> names = new ArrayList<>();
        node.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    List<String> required() {
        return texts("required");
    }

    List<String> allowedValues() {
        return texts("enum");
    }

    private List<String> texts(String keyword) {
        List<String> texts = new ArrayList<>();
        node.path(keyword).forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private SchemaNode child(JsonNode child) {
        return new SchemaNode(files, id, child);
    }
}

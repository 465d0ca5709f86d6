package io.millrace.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The schema files as they are shipped, by their {@code $id}. */
final class SchemaFiles {

    private static final Path DIRECTORY = Path.of("src/main/resources/io/millrace/schemas");
    private static final String SUFFIX = ".schema.json";
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final Map<String, JsonNode> byId = new TreeMap<>();
    private final JsonSchemaFactory factory;

    SchemaFiles() {
        for (String name : names()) {
            byId.put(id(name), read(DIRECTORY.resolve(name + SUFFIX)));
        }
        Map<String, String> texts = byId.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, schema -> schema.getValue().toString()));
        factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012, builder -> builder.schemaLoaders(loaders -> loaders.schemas(texts)));
    }

    static String id(String name) {
        return "urn:millrace:schema:" + name + ":1";
    }

    static List<String> names() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file with this name; {@code SchemaNode}s of it can be followed through their references. */
    SchemaNode file(String name) {
        return new SchemaNode(this, id(name), document(id(name)));
    }

    JsonNode document(String id) {
        JsonNode document = byId.get(id);
        if (document == null) {
            throw new IllegalArgumentException("no schema file has the $id " + id + ", there are " + byId.keySet());
        }
        return document;
    }

    /** What is wrong with a record, by the schema with this name; empty if it is valid. */
    List<String> faults(String name, String json) {
        JsonSchema schema = factory.getSchema(SchemaLocation.of(id(name)), STRICT);
        return schema.validate(json, InputFormat.JSON).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** What is wrong with the schema file itself. */
    List<String> faultsOfFile(String name) {
        JsonSchema metaSchema = factory.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        return metaSchema.validate(document(id(name)).toString(), InputFormat.JSON).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static JsonNode read(Path file) {
        try {
            return Json.mapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}

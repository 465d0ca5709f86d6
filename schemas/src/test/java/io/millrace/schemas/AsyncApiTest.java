package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/** Holds {@code docs/asyncapi.yaml} to the code; {@code -Dmillrace.asyncapi.write=true} writes it anew. */
class AsyncApiTest {

    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private static JsonNode document;

    @BeforeAll
    static void readDocument() throws IOException {
        if (Boolean.getBoolean("millrace.asyncapi.write")) {
            Files.writeString(AsyncApiDocument.FILE, AsyncApiDocument.text());
        }
        document = new ObjectMapper(new YAMLFactory()).readTree(AsyncApiDocument.FILE.toFile());
    }

    static List<AsyncApiChannel> channels() {
        return AsyncApiChannel.ALL;
    }

    @Test
    void shouldBeWhatTheCodeSays() throws IOException {
        assertThat(Files.readString(AsyncApiDocument.FILE))
                .as("docs/asyncapi.yaml; to write it anew: ./mvnw -pl schemas test -Dtest=AsyncApiTest"
                        + " -Dmillrace.asyncapi.write=true")
                .isEqualTo(AsyncApiDocument.text());
    }

    @Test
    void shouldHaveOneChannelForEveryTopic() {
        assertThat(AsyncApiChannel.ALL).extracting(AsyncApiChannel::topic).isEqualTo(Topics.ALL);
        assertThat(document.get("channels").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(Topics.ALL.stream().map(Topic::name).toList());
    }

    @Test
    void shouldReferToNothingThatIsNotThere() {
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
    }

    /** The copies of the schemas in the document say what the files say. */
    @ParameterizedTest
    @MethodSource("channels")
    void shouldShowExamplesThatAreValidAndCanBeRead(AsyncApiChannel channel) {
        JsonNode message = document.at("/components/messages/" + channel.message());
        if (channel.record() == null) {
            assertThat(message.has("examples")).isFalse();
            return;
        }
        assertThat(message.get("examples")).isNotEmpty().allSatisfy(example -> {
            assertThat(faults(message.get("payload"), example.get("payload"))).isEmpty();
            assertThat(faults(headersOf(message), headersOf(example))).isEmpty();
            Object read = Json.mapper().convertValue(example.get("payload"), channel.record());
            assertThat(Json.write(read)).isEqualTo(example.get("payload").toString());
            if (!channel.topic().equals(Topics.EXAMPLES)) {
                assertThat(channel.topic()
                                .valueSerde()
                                .deserializer()
                                .deserialize(channel.topic().name(), bytes(example.get("payload"))))
                        .isEqualTo(read);
            }
        });
    }

    static Stream<WireExample> records() {
        return WireExamples.all().filter(example -> !example.name().equals("checkpoint-manifest"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldAcceptRecordAndRefuseItWithoutARequiredField(WireExample example) {
        // Given
        JsonNode payload = reference(example.value().getClass().getSimpleName());
        ObjectNode whole = Json.mapper().valueToTree(example.value());

        // Then
        assertThat(faults(payload, whole)).isEmpty();
        for (JsonNode required : document.at(payload.get("$ref").textValue().substring(1) + "/required")) {
            ObjectNode incomplete = whole.deepCopy();
            incomplete.remove(required.textValue());
            assertThat(faults(payload, incomplete)).isNotEmpty();
        }
    }

    @Test
    void shouldKeepWhatStandsBesideAReference() {
        // Given
        String numberAsLabel =
                """
                {"example":{"id":"1","text":"a","label":3},"origin":{"topic":"examples","partition":0,"offset":0,"timestampMs":0}}""";

        // Then
        assertThat(faults(reference("AcceptedExample"), numberAsLabel)).isNotEmpty();
    }

    private static JsonNode reference(String schema) {
        return Json.mapper().createObjectNode().put("$ref", AsyncApiSchemas.PLACE + schema);
    }

    private static JsonNode headersOf(JsonNode message) {
        return message.has("headers") ? message.get("headers") : Json.mapper().createObjectNode();
    }

    private static List<String> faults(JsonNode schema, JsonNode value) {
        return faults(schema, value.toString());
    }

    /** By draft 7, as AsyncAPI has it. */
    private static List<String> faults(JsonNode schema, String value) {
        ObjectNode whole = schema.deepCopy();
        if (whole.has("$ref")) {
            whole = Json.mapper().createObjectNode();
            whole.putArray("allOf").add(schema);
        }
        whole.set("components", document.get("components"));
        JsonSchema validator =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(whole, STRICT);
        return validator.validate(value, InputFormat.JSON).stream()
                .map(fault -> fault.getMessage())
                .toList();
    }

    private static byte[] bytes(JsonNode value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}

package io.millrace.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.NewTopic;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** {@code docs/asyncapi.yaml}, made from the topics, the schema files and the golden records. */
final class AsyncApiDocument {

    static final Path FILE = Path.of("../docs/asyncapi.yaml");

    private static final String KAFKA_BINDING = "0.5.0";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

    private AsyncApiDocument() {}

    /** The whole file. */
    static String text() throws JsonProcessingException {
        return "# Made from the code by AsyncApiTest; docs/schemas.md says how.\n" + YAML.writeValueAsString(tree());
    }

    static ObjectNode tree() {
        ObjectNode document = Json.mapper().createObjectNode().put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Millrace")
                .put("version", "1")
                .put(
                        "description",
                        "The topics of Millrace, which keeps a text classifier learning from a Kafka topic. Each operation is tagged"
                                + " with the program that does it: a service or command of Millrace, or producers and consumers,"
                                + " which are programs of users. With kafka.prefix, put the prefix before every address.")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("url", "https://www.apache.org/licenses/LICENSE-2.0");
        document.put("defaultContentType", "application/json");
        document.putObject("servers")
                .putObject("local")
                .put("host", "127.0.0.1:9092")
                .put("protocol", "kafka")
                .put("description", "The broker of docker compose up, and of local with --port 9092.");
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        for (AsyncApiChannel channel : AsyncApiChannel.ALL) {
            addChannel(channels, channel);
            channel.senders().forEach(program -> addOperation(operations, channel, program, "send"));
            channel.receivers().forEach(program -> addOperation(operations, channel, program, "receive"));
            addMessage(messages, channel);
        }
        components.set("schemas", new AsyncApiSchemas().all());
        return document;
    }

    private static void addChannel(ObjectNode channels, AsyncApiChannel channel) {
        NewTopic definition = channel.topic().definition();
        ObjectNode node = channels.putObject(channel.topic().name());
        node.put("address", channel.topic().name()).put("description", channel.summary());
        node.putObject("messages")
                .putObject(channel.message())
                .put("$ref", "#/components/messages/" + channel.message());
        ObjectNode binding = node.putObject("bindings").putObject("kafka");
        binding.put("partitions", definition.numPartitions());
        ObjectNode configuration = binding.putObject("topicConfiguration");
        configuration.putArray("cleanup.policy").add(setting(definition, "cleanup.policy"));
        for (String number : new String[] {"retention.ms", "retention.bytes", "max.message.bytes"}) {
            configuration.put(number, Long.parseLong(setting(definition, number)));
        }
        binding.put("bindingVersion", KAFKA_BINDING);
    }

    private static String setting(NewTopic definition, String name) {
        return Objects.requireNonNull(definition.configs().get(name), name);
    }

    private static void addOperation(ObjectNode operations, AsyncApiChannel channel, String program, String action) {
        Topic<?> topic = channel.topic();
        ObjectNode operation = operations.putObject(program.replace(' ', '-') + "-" + action + "-" + topic.name());
        operation.put("action", action);
        operation.putObject("channel").put("$ref", "#/channels/" + topic.name());
        operation.putArray("tags").addObject().put("name", program);
        operation
                .putArray("messages")
                .addObject()
                .put("$ref", "#/channels/" + topic.name() + "/messages/" + channel.message());
    }

    private static void addMessage(ObjectNode messages, AsyncApiChannel channel) {
        ObjectNode message = messages.putObject(channel.message());
        message.put("name", channel.message()).put("summary", channel.summary());
        AsyncApiHeaders.schema(channel).ifPresent(headers -> message.set("headers", headers));
        ObjectNode key = Json.mapper().createObjectNode();
        if (channel.topic().equals(Topics.PROBES)) {
            key.put("type", "string").put("description", "task/probeSet/id");
        } else if (channel.record() == null) {
            key.put("description", "That of the rejected record.");
        } else {
            key.put("$ref", AsyncApiSchemas.PLACE + "TaskName");
        }
        ObjectNode binding = message.putObject("bindings").putObject("kafka");
        binding.set("key", key);
        binding.put("bindingVersion", KAFKA_BINDING);
        if (channel.record() == null) {
            message.put("contentType", "application/octet-stream");
            message.putObject("payload").put("description", "Any bytes, or none.");
            return;
        }
        message.putObject("payload").put("$ref", AsyncApiSchemas.PLACE + channel.message());
        WireExamples.all()
                .filter(example -> example.complete() && example.value().getClass() == channel.record())
                .forEach(example -> {
                    ObjectNode shown = message.withArray("examples").addObject();
                    shown.put("name", example.form().toLowerCase(Locale.ROOT));
                    AsyncApiHeaders.example(channel, example.value())
                            .ifPresent(headers -> shown.set("headers", headers));
                    shown.set("payload", Json.mapper().valueToTree(example.value()));
                });
    }
}

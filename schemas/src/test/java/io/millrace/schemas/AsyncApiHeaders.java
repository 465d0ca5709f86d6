package io.millrace.schemas;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.CloudEvents;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Headers of the records that have some: their schema, and an example. */
final class AsyncApiHeaders {

    private static final Instant TIME = Instant.parse("2026-05-04T10:15:31Z");

    private AsyncApiHeaders() {}

    static Optional<ObjectNode> schema(AsyncApiChannel channel) {
        if (channel.record() == null) {
            return Optional.of(rejection());
        } else if (channel.record() == DriftEvent.class) {
            return Optional.of(
                    cloudEvent("drift", Stream.of(DriftPhase.values()).map(DriftPhase::wireName)));
        } else if (channel.record() == ModelUpdate.class) {
            return Optional.of(
                    cloudEvent("model-update", Stream.of(Verdict.values()).map(Verdict::wireName)));
        } else if (channel.record() == RequestOutcome.class) {
            return Optional.of(cloudEvent(
                    "request-outcome", Stream.of(RequestOutcome.Result.values()).map(RequestOutcome.Result::wireName)));
        }
        return Optional.empty();
    }

    /** The headers of an example; as code writes them where it is code of this module that does. */
    static Optional<ObjectNode> example(AsyncApiChannel channel, Record value) {
        if (value instanceof DriftEvent event) {
            String id = event.task() + "/" + event.metric() + "/" + event.step() + "/"
                    + event.phase().wireName();
            return Optional.of(node(CloudEvents.headers(
                    "drift." + event.phase().wireName(), "/trainer/" + event.task(), id, event.metric(), TIME)));
        } else if (value instanceof ModelUpdate update) {
            CheckpointReference checkpoint = update.model().checkpoint();
            String id = "model-update/" + checkpoint.id() + "/" + checkpoint.sha256();
            return Optional.of(node(CloudEvents.headers(
                    "model-update." + update.verdict().wireName(),
                    "/evaluator/" + checkpoint.task(),
                    id,
                    checkpoint.id(),
                    TIME)));
        } else if (value instanceof RequestOutcome outcome) {
            return Optional.of(node(CloudEvents.headers(
                    "request-outcome." + outcome.result().wireName(),
                    "/evaluator/" + outcome.request().task(),
                    "request-outcome/" + outcome.request().id(),
                    outcome.request().action().wireName(),
                    TIME)));
        }
        return Optional.empty();
    }

    private static ObjectNode rejection() {
        ObjectNode headers = object(
                RejectionHeaders.REASON,
                RejectionHeaders.MESSAGE,
                RejectionHeaders.TOPIC,
                RejectionHeaders.PARTITION,
                RejectionHeaders.OFFSET);
        ObjectNode properties = headers.putObject("properties");
        ArrayNode reasons = text(
                        properties, RejectionHeaders.REASON, "Why it was rejected; later versions may add reasons.")
                .putArray("examples");
        Stream.of(RejectionReason.values()).map(RejectionReason::wireName).forEach(reasons::add);
        text(properties, RejectionHeaders.MESSAGE, "What was expected and what was found.");
        text(properties, RejectionHeaders.TASK, "Its task, if it came from a source and its key is another; optional.");
        text(properties, RejectionHeaders.TOPIC, "The topic of the rejected record.");
        text(properties, RejectionHeaders.PARTITION, "Its partition.").put("pattern", "^[0-9]+$");
        text(properties, RejectionHeaders.OFFSET, "Its offset there.").put("pattern", "^[0-9]+$");
        return headers;
    }

    private static ObjectNode cloudEvent(String kind, Stream<String> outcomes) {
        ObjectNode headers =
                object("ce_specversion", "ce_type", "ce_source", "ce_id", "ce_subject", "ce_time", "content-type");
        ObjectNode properties = headers.putObject("properties");
        text(properties, "ce_specversion", "Version of CloudEvents.").put("const", "1.0");
        ArrayNode types = text(properties, "ce_type", "What happened.").putArray("enum");
        outcomes.map(outcome -> "io.millrace." + kind + "." + outcome).forEach(types::add);
        text(properties, "ce_source", "Who wrote it: /trainer/TASK or /evaluator/TASK.");
        text(properties, "ce_id", "Unique for the source; the same if the same event is written again.");
        text(properties, "ce_subject", "What it is about: a checkpoint, a metric or an action.");
        text(properties, "ce_time", "When it happened.").put("format", "date-time");
        text(properties, "content-type", "That of the payload.").put("const", "application/json");
        return headers;
    }

    private static ObjectNode object(String... required) {
        ObjectNode object = Json.mapper().createObjectNode().put("type", "object");
        ArrayNode names = object.putArray("required");
        List.of(required).forEach(names::add);
        return object;
    }

    private static ObjectNode text(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("type", "string").put("description", description);
    }

    private static ObjectNode node(List<Header> headers) {
        ObjectNode node = Json.mapper().createObjectNode();
        headers.forEach(header -> node.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return node;
    }
}

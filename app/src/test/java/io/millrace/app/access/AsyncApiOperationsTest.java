package io.millrace.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code docs/asyncapi.yaml} says of Millrace's programs that they send and receive what they have a right to, and all of that. */
class AsyncApiOperationsTest {

    @Test
    void shouldAgreeWithTheRightsOfEachProgram() throws IOException {
        // Given
        Map<String, List<String>> allowed = new TreeMap<>();
        AccessRights.byCommand(new KafkaConnection("127.0.0.1:9092", Map.of()))
                .forEach((program, rights) -> allowed.put(program, operations(rights)));
        allowed.values().removeIf(List::isEmpty);

        // When
        Map<String, List<String>> documented = new TreeMap<>();
        JsonNode operations = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of(System.getProperty("millrace.root"), "docs/asyncapi.yaml")
                        .toFile())
                .get("operations");
        for (JsonNode operation : operations) {
            String topic = operation.at("/channel/$ref").textValue().substring("#/channels/".length());
            documented
                    .computeIfAbsent(operation.at("/tags/0/name").textValue(), program -> new ArrayList<>())
                    .add(operation.get("action").textValue() + " " + topic);
        }

        // Then
        assertThat(documented.keySet()).contains("producers", "consumers").containsAll(allowed.keySet());
        allowed.forEach((program, expected) ->
                assertThat(documented.get(program)).as(program).containsExactlyInAnyOrderElementsOf(expected));
        assertThat(documented).hasSize(allowed.size() + 2);
    }

    private static List<String> operations(List<AccessRight> rights) {
        List<String> found = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            for (AccessRight right : rights) {
                if (right.covers(ResourceType.TOPIC, topic.name())) {
                    if (right.operations().contains(AclOperation.WRITE)) {
                        found.add("send " + topic.name());
                    }
                    if (right.operations().contains(AclOperation.READ)) {
                        found.add("receive " + topic.name());
                    }
                }
            }
        }
        return found;
    }
}

package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class TopicFaultTest {

    /** What a cluster gives to a topic that names nothing. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "604800000",
            "retention.bytes", "-1",
            "max.message.bytes", "1048588");

    @Test
    void shouldFindNothingAmissWithTopicsThatItHasMade() {
        for (Topic<?> topic : Topics.ALL) {
            assertThat(TopicFault.of(topic, topic.definition().configs()))
                    .as(topic.name())
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseWhatForgetsTheLineageOrTheProbes() {
        // When
        List<String> severe = Topics.ALL.stream()
                .flatMap(topic -> TopicFault.of(topic, DEFAULTS).stream())
                .filter(TopicFault::severe)
                .map(fault -> fault.topic() + " " + fault.setting())
                .toList();

        // Then
        assertThat(severe)
                .contains(
                        "probes cleanup.policy",
                        "checkpoints retention.ms",
                        "evaluations retention.ms",
                        "drift retention.ms",
                        "model-updates retention.ms",
                        "model-requests retention.ms",
                        "request-outcomes retention.ms")
                .noneMatch(fault -> fault.startsWith("examples")
                        || fault.startsWith("texts")
                        || fault.startsWith("accepted")
                        || fault.startsWith("rejected"));
    }

    @ParameterizedTest
    @CsvSource({"compact", "'compact,delete'", "'delete, compact'"})
    void shouldRefuseCompactionWhereATaskHasMoreThanOneRecord(String policy) {
        // When
        Stream<TopicFault> faults = Topics.ALL.stream()
                .flatMap(topic -> TopicFault.of(topic, with(topic, "cleanup.policy", policy)).stream());

        // Then
        assertThat(faults)
                .filteredOn(fault -> !fault.expected().equals("compact"))
                .hasSize(10)
                .allMatch(TopicFault::severe)
                .extracting(TopicFault::topic)
                .contains("accepted-examples", "examples", "texts", "checkpoints");
    }

    @ParameterizedTest
    @CsvSource({
        "examples,          retention.ms,      3600000,   false",
        "examples,          retention.bytes,   1000000,   false",
        "examples,          max.message.bytes, 1048588,   false",
        "accepted-examples, max.message.bytes, 1000,      false",
        "checkpoints,       retention.bytes,   1000000,   true",
        "model-updates,     max.message.bytes, 1000,      true",
    })
    void shouldTellWhatIsLostFromWhatIsOnlyShort(String name, String setting, String value, boolean severe) {
        // Given
        Topic<?> topic = topic(name);

        // When
        List<TopicFault> faults = TopicFault.of(topic, with(topic, setting, value));

        // Then
        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.setting()).isEqualTo(setting);
            assertThat(fault.got()).isEqualTo(value);
            assertThat(fault.severe()).isEqualTo(severe);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "examples,    retention.ms,      -1",
        "examples,    retention.ms,      31536000000",
        "probes,      retention.ms,      604800000",
        "checkpoints, max.message.bytes, 16777216",
    })
    void shouldLetPassWhatKeepsMore(String name, String setting, String value) {
        // Given
        Topic<?> topic = topic(name);

        // When / Then
        assertThat(TopicFault.of(topic, with(topic, setting, value))).isEmpty();
    }

    @Test
    void shouldNotJudgeWhatItIsNotTold() {
        for (Topic<?> topic : Topics.ALL) {
            assertThat(TopicFault.of(topic, Map.of())).isEmpty();
        }
    }

    @Test
    void shouldSayWhatToRun() {
        // Given
        Map<String, String> config = new HashMap<>(DEFAULTS);
        config.put("cleanup.policy", "compact");

        // When
        String text = TopicFault.describe(TopicFault.of(Topics.CHECKPOINTS, config), "broker-1:9092");

        // Then
        assertThat(text)
                .isEqualTo(
                        "topic checkpoints: cleanup.policy must be delete, got compact (all but the newest record of each"
                                + " task would be removed); topic checkpoints: retention.ms must be -1, got 604800000 (the lineage"
                                + " of the models needs every record). Run: kafka-configs.sh --bootstrap-server broker-1:9092"
                                + " --alter --entity-type topics --entity-name checkpoints --add-config"
                                + " cleanup.policy=delete,retention.ms=-1");
    }

    private static Map<String, String> with(Topic<?> topic, String setting, String value) {
        Map<String, String> config = new HashMap<>(topic.definition().configs());
        config.put(setting, value);
        return config;
    }

    private static Topic<?> topic(String name) {
        return Topics.ALL.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

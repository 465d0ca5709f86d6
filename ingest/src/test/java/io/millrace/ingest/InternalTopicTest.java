package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.seen.SeenExamples;
import org.junit.jupiter.api.Test;

import java.util.OptionalInt;

class InternalTopicTest {

    private static final String NAME = InternalTopic.topic(InternalTopic.EXAMPLES_BY_TASK);
    private static final String CHANGELOG = InternalTopic.changelog(SeenExamples.STORE);

    @Test
    void shouldBeNamedAsKafkaStreamsNamesIt() {
        assertThat(NAME).isEqualTo("millrace-ingest-examples-by-task-repartition");
        assertThat(CHANGELOG).isEqualTo("millrace-ingest-seen-examples-changelog");
        assertThat(Tasks.KAFKA.withPrefix("ours-").named(NAME))
                .isEqualTo("ours-millrace-ingest-examples-by-task-repartition");
    }

    @Test
    void shouldFitTheMemoryBehindIt() {
        InternalTopic.checkPartitions(NAME, 4, CHANGELOG, OptionalInt.empty());
        InternalTopic.checkPartitions(NAME, 4, CHANGELOG, OptionalInt.of(4));
        assertThatThrownBy(() -> InternalTopic.checkPartitions(NAME, 8, CHANGELOG, OptionalInt.of(4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("millrace-ingest-examples-by-task-repartition has 8 partitions")
                .hasMessageContaining("millrace-ingest-seen-examples-changelog has 4")
                .hasMessageContaining("Delete topic");
    }

    @Test
    void shouldSayWhatToDoIfExamplesHasLostPartitions() {
        SeenPartitions.check(CHANGELOG, OptionalInt.empty(), "examples", 4);
        SeenPartitions.check(CHANGELOG, OptionalInt.of(4), "examples", 8);
        assertThatThrownBy(() -> SeenPartitions.check(CHANGELOG, OptionalInt.of(8), "examples", 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("millrace-ingest-seen-examples-changelog has 8 partitions, but ingest needs 4")
                .hasMessageContaining("kafka-topics.sh --alter --topic examples --partitions 8");
    }
}

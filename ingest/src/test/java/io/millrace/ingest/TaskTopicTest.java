package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.OptionalInt;

class TaskTopicTest {

    @Test
    void shouldBeNamedAsKafkaStreamsNamesIt() {
        assertThat(TaskTopic.NAME).isEqualTo("millrace-ingest-examples-by-task-repartition");
        assertThat(TaskTopic.CHANGELOG).isEqualTo("millrace-ingest-seen-examples-changelog");
        assertThat(Tasks.KAFKA.withPrefix("ours-").named(TaskTopic.NAME))
                .isEqualTo("ours-millrace-ingest-examples-by-task-repartition");
    }

    @Test
    void shouldFitTheMemoryBehindIt() {
        TaskTopic.checkPartitions(Tasks.KAFKA, 4, OptionalInt.empty());
        TaskTopic.checkPartitions(Tasks.KAFKA, 4, OptionalInt.of(4));
        assertThatThrownBy(() -> TaskTopic.checkPartitions(Tasks.KAFKA, 8, OptionalInt.of(4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("millrace-ingest-examples-by-task-repartition has 8 partitions")
                .hasMessageContaining("millrace-ingest-seen-examples-changelog has 4")
                .hasMessageContaining("Delete topic");
    }
}

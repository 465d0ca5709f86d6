package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;

import java.util.Map;

class ExampleSourceTest {

    @Test
    void shouldLetTheUserWin() {
        // Given
        Map<String, String> given = Map.of(
                "session.timeout.ms", "45000",
                "heartbeat.interval.ms", "5000",
                "max.poll.interval.ms", "1200000",
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");

        // When / Then
        assertThat(settings(given)).containsAllEntriesOf(given);
    }

    @Test
    void shouldFitHeartbeatsIntoAShortSession() {
        assertThat(settings(Map.of("session.timeout.ms", "3000"))).containsEntry("heartbeat.interval.ms", 1_000);
        assertThat(settings(Map.of())).containsEntry("heartbeat.interval.ms", 2_000);
    }

    @Test
    void shouldJoinTheGroupOfItsOwnInstallation() {
        // When
        Map<String, Object> settings = ExampleSource.settings(new KafkaConnection("127.0.0.1:9092", Map.of(), "ours-"));

        // Then
        assertThat(settings)
                .containsEntry("group.id", "ours-millrace-trainer")
                .containsEntry("client.id", "ours-millrace-trainer");
    }

    @Test
    void shouldKeepTheSettingsThatExactlyOnceDependsOn() {
        assertThat(settings(Map.of(
                        "group.id", "mine",
                        "isolation.level", "read_uncommitted",
                        "enable.auto.commit", "true",
                        "auto.offset.reset", "latest")))
                .containsEntry("group.id", "millrace-trainer")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "none");
    }

    @Test
    void shouldMoveOnlyTheTasksThatChangeHands() {
        assertThat(settings(Map.of()))
                .containsEntry(
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
    }

    @Test
    void shouldOmitSettingsThatTheBrokerDecidesInTheNewerProtocol() {
        assertThat(settings(Map.of("group.protocol", "consumer")))
                .doesNotContainKeys("partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms");
    }

    private static Map<String, Object> settings(Map<String, String> given) {
        return ExampleSource.settings(new KafkaConnection("127.0.0.1:9092", given));
    }
}

package io.millrace.app.rejected;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.file.LineCheck;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class ReplayPlanTest {

    private static final Task MOOD = new Task("mood", TaskKind.SINGLE, List.of("bad", "good", "new"), 100);
    private static final ReplayFilter ALL =
            new ReplayFilter("mood", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @Test
    void shouldSendTheSameBytesWithTheirOwnHeadersAndWhereTheyComeFrom() {
        // Given
        Headers own = new RecordHeaders().add("tenant", new byte[] {7});
        ConsumerRecord<String, byte[]> rejected =
                rejected(12, "examples", RejectionReason.UNKNOWN_LABEL, example("a", "new"), own, 1 << 20);
        ReplayPlan plan = plan(ALL, 10, Set.of());

        // When
        plan.add(rejected);

        // Then
        assertThat(plan.chosen()).containsExactly(rejected);
        assertThat(ReplayPlan.headers(rejected))
                .extracting(Header::key, header -> new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("tenant", "\u0007"),
                        org.assertj.core.groups.Tuple.tuple(RejectionHeaders.REPLAYED_FROM, "rejected-examples/0/12"));
        assertThat(plan.replay(true).records()).singleElement().satisfies(sent -> assertThat(sent.value())
                .isEqualTo(example("a", "new")));
    }

    @Test
    void shouldLeaveOutWhatWasSentWhatWouldBeRejectedAndWhatCameFromElsewhere() {
        // Given
        ReplayPlan plan = plan(ALL, 1, Set.of("rejected-examples/0/1"));

        // When
        plan.add(rejected(1, RejectionReason.UNKNOWN_LABEL, example("a", "new")));
        plan.add(rejected(2, RejectionReason.UNKNOWN_LABEL, example("b", "newer")));
        plan.add(rejected(3, RejectionReason.INVALID_JSON, "{"));
        plan.add(rejected(4, RejectionReason.IN_PROBE_SET, example("c", "good")));
        plan.add(rejected(
                5,
                "accepted-examples",
                RejectionReason.NOT_FINITE,
                example("d", "good"),
                new RecordHeaders(),
                1 << 20));
        plan.add(rejected(6, RejectionReason.UNKNOWN_LABEL, example("e", "new")));
        plan.add(rejected(7, RejectionReason.UNKNOWN_LABEL, example("f", "new")));

        // Then
        Replay replay = plan.replay(true);
        assertThat(replay.records()).extracting(Replay.Sent::id).containsExactly("e");
        assertThat(replay.left()).isEqualTo(1);
        assertThat(replay.replayed()).isEqualTo(1);
        assertThat(replay.rejectedAgain()).isEqualTo(Map.of("unknown-label", 1L, "invalid-json", 1L));
        assertThat(replay.undecided()).isEqualTo(Map.of("in-probe-set", 1L));
        assertThat(replay.elsewhere()).isEqualTo(Map.of("accepted-examples", 1L));
        assertThat(ReplayLines.of(replay)).last().isEqualTo("would send 1 records of task mood; nothing was sent");
    }

    @Test
    void shouldNameWhatWasCut() {
        // Given
        ReplayPlan plan = plan(ALL, 10, Set.of());

        // When
        plan.add(rejected(3, "examples", RejectionReason.TOO_LARGE, "x".repeat(5000), new RecordHeaders(), 2000));

        // Then
        assertThat(plan.chosen()).isEmpty();
        assertThat(ReplayLines.of(plan.replay(false)))
                .containsExactly(
                        "cannot be sent, because only their beginning was kept; send them again from examples 2@1003",
                        "sent 0 records of task mood");
    }

    @Test
    void shouldTakeOnlyWhatTheFilterNames() {
        // Given
        ReplayFilter filter = new ReplayFilter(
                "mood",
                Optional.of(RejectionReason.IN_PROBE_SET),
                Optional.of(Instant.ofEpochMilli(2000)),
                Optional.of(Instant.ofEpochMilli(6000)),
                Optional.of(new ReplayFilter.Offsets(2, 1003, 1004)));
        ReplayPlan plan = plan(filter, 10, Set.of());

        // When
        for (int offset = 1; offset <= 7; offset++) {
            plan.add(rejected(offset, RejectionReason.IN_PROBE_SET, example("id-" + offset, "good")));
        }
        plan.add(rejected(4, RejectionReason.UNKNOWN_LABEL, example("other", "new")));

        // Then
        assertThat(plan.replay(true).records()).extracting(Replay.Sent::id).containsExactly("id-3", "id-4");
    }

    private static ReplayPlan plan(ReplayFilter filter, int limit, Set<String> before) {
        return new ReplayPlan("examples", filter, LineCheck.examples(MOOD, 1 << 20), limit, before);
    }

    private static ConsumerRecord<String, byte[]> rejected(long offset, RejectionReason reason, String value) {
        return rejected(offset, "examples", reason, value, new RecordHeaders(), 1 << 20);
    }

    /** As ingest writes it: rejected at {@code offset} seconds, from offset 1000 more of partition 2. */
    private static ConsumerRecord<String, byte[]> rejected(
            long offset, String topic, RejectionReason reason, String value, Headers own, int maxBytes) {
        RejectedRecords.Raw raw = new RejectedRecords(maxBytes)
                .of(
                        new RejectedRecords.Raw(
                                "mood".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), own),
                        new Origin(topic, 2, 1000 + offset, 0),
                        reason,
                        "it is so");
        return new ConsumerRecord<>(
                "rejected-examples",
                0,
                offset,
                offset * 1000,
                TimestampType.CREATE_TIME,
                4,
                0,
                "mood",
                raw.value(),
                raw.headers(),
                Optional.empty());
    }

    private static String example(String id, String label) {
        return "{\"id\": \"" + id + "\", \"text\": \"a day\", \"label\": \"" + label + "\"}";
    }
}

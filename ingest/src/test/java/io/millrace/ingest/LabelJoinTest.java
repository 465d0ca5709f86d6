package io.millrace.ingest;

import static io.millrace.ingest.IngestFixture.NOW;
import static io.millrace.ingest.SourceFixtures.LABELS;
import static io.millrace.ingest.SourceFixtures.TICKETS;
import static io.millrace.ingest.SourceFixtures.WINDOW;
import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/** Labels that come later than their texts, or earlier, through the whole of ingest. */
class LabelJoinTest {

    @AutoClose
    private final IngestFixture ingest = new IngestFixture(SourceFixtures.sources(SourceFixtures.delayed()));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldJoinATextAndItsLabelWhicheverComesFirst(boolean textFirst) {
        // When
        if (textFirst) {
            text("1", "book a flight");
        }
        label("1", "book_flight");
        if (!textFirst) {
            text("1", "book a flight");
        }

        // Then
        assertThat(ingest.accepted()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("intent");
            assertThat(record.value().example())
                    .isEqualTo(new LabelledExample("1", "book a flight", null, "book_flight", null, null, null));
            assertThat(record.value().origin().topic()).isEqualTo(TICKETS);
        });
        assertThat(ingest.count(IngestMetrics.JOINED, "task", "intent")).isEqualTo(1);
        assertThat(waiting()).containsExactly(0, 0);
    }

    @Test
    void shouldRejectATextWhoseLabelDoesNotComeAlthoughTheStreamIsQuiet() {
        // Given
        text("1", "book a flight");

        // When
        run(WINDOW.plusMinutes(2));

        // Then
        assertThat(ingest.rejected()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo(bytes("intent"));
            assertThat(record.value()).isEqualTo(bytes("{\"id\":\"1\",\"text\":\"book a flight\"}"));
            assertThat(IngestFixture.header(record, RejectionHeaders.REASON)).isEqualTo("unlabelled");
            assertThat(IngestFixture.header(record, RejectionHeaders.MESSAGE))
                    .isEqualTo("label: expected one for id \"1\" within PT10M as labels.window of source source-1 says,"
                            + " got none");
            assertThat(IngestFixture.header(record, RejectionHeaders.TOPIC)).isEqualTo(TICKETS);
            assertThat(IngestFixture.header(record, RejectionHeaders.OFFSET)).isEqualTo("0");
        });
        assertThat(waiting()).containsExactly(0, 0);
    }

    @Test
    void shouldRejectALabelWhoseTextDoesNotCome() {
        // Given
        label("1", "book_flight");

        // When
        run(WINDOW.minusMinutes(1));
        List<String> early = ingest.reasons();
        run(Duration.ofMinutes(3));

        // Then
        assertThat(early).isEmpty();
        assertThat(ingest.rejected()).singleElement().satisfies(record -> {
            assertThat(IngestFixture.header(record, RejectionHeaders.REASON)).isEqualTo("label-without-text");
            assertThat(IngestFixture.header(record, RejectionHeaders.TOPIC)).isEqualTo(LABELS);
        });
    }

    @Test
    void shouldLetALateLabelWaitAndExpireOnItsOwn() {
        // Given
        text("1", "book a flight");
        run(WINDOW.plusMinutes(2));

        // When
        label("1", "book_flight");
        run(WINDOW.plusMinutes(1));

        // Then
        assertThat(ingest.accepted()).isEmpty();
        assertThat(ingest.reasons()).containsExactly("unlabelled", "label-without-text");
    }

    @Test
    void shouldTellRepeatsFromContradictionsBeforeAndAfterTheyHaveMet() {
        // When
        text("1", "book a flight");
        text("1", "book a flight");
        text("1", "another text");
        label("1", "book_flight");
        label("1", "book_flight");
        label("1", "translate");
        text("1", "book a flight");
        text("1", "another text");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(3);
        List<TestRecord<byte[], byte[]>> rejected = ingest.rejected();
        assertThat(rejected)
                .allSatisfy(record -> assertThat(IngestFixture.header(record, RejectionHeaders.REASON))
                        .isEqualTo("conflicting-id"))
                .extracting(record -> IngestFixture.header(record, RejectionHeaders.TOPIC))
                .containsExactly(TICKETS, LABELS, TICKETS);
        assertThat(IngestFixture.header(rejected.get(1), RejectionHeaders.MESSAGE))
                .isEqualTo("label: expected the one that came first for id \"1\" of source source-1, got another");
    }

    @Test
    void shouldLetAnotherLabelComeAfterOneThatTheTaskDoesNotHave() {
        // When
        text("1", "book a flight");
        label("1", "order_pizza");
        text("1", "book a flight");
        label("1", "book_flight");

        // Then
        assertThat(ingest.reasons()).containsExactly("unknown-label");
        assertThat(ingest.acceptedIds()).containsExactly("1");
    }

    @Test
    void shouldRejectHalvesThatAreInvalidInThemselvesAtOnce() {
        // When
        text("1", "  ");
        ingest.sendTo(TICKETS, NOW, null, bytes("{\"id\":\"1\"}"));
        ingest.sendTo(LABELS, NOW, null, bytes("{\"category\":\"translate\"}"));
        ingest.sendTo(LABELS, NOW, bytes("1"), bytes("{}"));
        ingest.sendTo(LABELS, NOW, new byte[] {(byte) 0xFF}, bytes("{\"category\":\"translate\"}"));
        ingest.sendTo(LABELS, NOW, bytes("1"), null);
        label(" ", "translate");

        // Then
        assertThat(ingest.reasons())
                .containsExactly(
                        "empty-text",
                        "empty-text",
                        "invalid-id",
                        "missing-label",
                        "invalid-id",
                        "null-value",
                        "invalid-id");
        assertThat(waiting()).containsExactly(0, 0);
    }

    @Test
    void shouldGuardProbesOnceTheLabelHasCome() {
        // Given
        ingest.sendProbe("intent", "p", "a probe", null);

        // When
        text("1", "a probe");
        label("1", "translate");

        // Then
        assertThat(ingest.reasons()).containsExactly("in-probe-set");
    }

    @Test
    void shouldNotExpireWhileABacklogIsRead() {
        // Given
        text("1", "book a flight");

        // When
        for (int i = 0; i < 50; i++) {
            ingest.sendTo(
                    TICKETS,
                    NOW.minus(Duration.ofDays(1)),
                    null,
                    bytes("{\"id\":\"b" + i + "\",\"body\":\"t" + i + "\"}"));
            ingest.advanceClock(LabelJoin.TICK);
        }
        run(WINDOW.minusMinutes(1));
        label("1", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.reasons()).isEmpty();
    }

    @Test
    void shouldAccountForEveryRecord() {
        // When
        for (int i = 0; i < 50; i++) {
            if (i % 3 != 0) {
                text("id-" + i, "text " + i);
            }
            if (i % 4 != 0) {
                label("id-" + i, i % 10 == 1 ? "order_pizza" : "translate");
            }
        }
        int waitingBefore = waiting().stream().mapToInt(Integer::intValue).sum();
        long before = accounted();
        run(WINDOW.plusMinutes(2));

        // Then
        assertThat(waitingBefore).isPositive();
        assertThat(before + waitingBefore).isEqualTo(ingest.count(IngestMetrics.RECEIVED));
        assertThat(accounted()).isEqualTo(ingest.count(IngestMetrics.RECEIVED));
        assertThat(ingest.count(IngestMetrics.ACCEPTED))
                .isEqualTo(ingest.accepted().size());
    }

    private long accounted() {
        return ingest.count(IngestMetrics.ACCEPTED)
                + ingest.count(IngestMetrics.REJECTED)
                + ingest.count(IngestMetrics.DUPLICATE)
                + ingest.count(IngestMetrics.JOINED);
    }

    private List<Integer> waiting() {
        return List.of(
                ingest.gauge(IngestMetrics.WAITING, "side", "text"),
                ingest.gauge(IngestMetrics.WAITING, "side", "label"));
    }

    private void text(String id, String body) {
        ingest.sendTo(TICKETS, NOW, null, bytes("{\"id\":\"" + id + "\",\"body\":\"" + body + "\"}"));
    }

    private void label(String id, String category) {
        ingest.sendTo(LABELS, NOW, bytes(id), bytes("{\"category\":\"" + category + "\"}"));
    }

    private void run(Duration duration) {
        for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LabelJoin.TICK)) {
            ingest.advanceClock(LabelJoin.TICK);
        }
    }
}

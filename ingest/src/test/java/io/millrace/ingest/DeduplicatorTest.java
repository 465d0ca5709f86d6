package io.millrace.ingest;

import static io.millrace.ingest.IngestFixture.NOW;
import static io.millrace.ingest.IngestFixture.WINDOW;
import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class DeduplicatorTest {

    private static final Instant FAR_FUTURE = Instant.parse("2199-01-01T00:00:00Z");

    @AutoClose
    private final IngestFixture ingest = new IngestFixture();

    @Test
    void shouldDropTheSameExampleSilently() {
        // When
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("1", " book  a flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.reasons()).isEmpty();
        assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(1);
    }

    @Test
    void shouldRejectAKnownIdWithAnotherContent() {
        // When
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("1", "cancel a flight", "book_flight");
        ingest.sendExample("1", "book a flight", "cancel_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.reasons()).containsExactly("conflicting-id", "conflicting-id");
    }

    @Test
    void shouldDropAKnownContentUnderANewId() {
        // When
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("2", "book a\u00A0flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(1);
    }

    @Test
    void shouldKnowTheIdOfADuplicateFromThenOn() {
        // When
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("2", "book a flight", "book_flight");
        ingest.sendExample("2", "something else", "book_flight");

        // Then
        assertThat(ingest.reasons()).containsExactly("conflicting-id");
    }

    @Test
    void shouldAcceptACorrectedLabelUnderANewId() {
        // When
        ingest.sendExample("1", "book a flight", "translate");
        ingest.sendExample("2", "book a flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1", "2");
    }

    @Test
    void shouldTellTasksApart() {
        // When
        ingest.send(bytes("intent"), bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"}"));
        ingest.send(bytes("nli"), bytes("{\"id\":\"1\",\"text\":\"t\",\"textPair\":\"p\",\"label\":\"entailment\"}"));

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1", "1");
    }

    @Test
    void shouldNotRememberARejectedExample() {
        // When
        ingest.sendExample("1", "book a flight", "order_pizza");
        ingest.sendExample("1", "book a flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
    }

    @Test
    void shouldForgetWhatIsAsOldAsTheWindow() {
        // Given
        Instant first = NOW.minus(WINDOW.multipliedBy(3));
        ingest.sendExample("1", "book a flight", "book_flight", first);

        // When
        ingest.sendExample(
                "1", "book a flight", "book_flight", first.plus(WINDOW).minusMillis(1));
        ingest.sendExample("1", "book another flight", "book_flight", first.plus(WINDOW));

        // Then
        assertThat(ingest.accepted())
                .extracting(record -> record.value().example().text())
                .containsExactly("book a flight", "book another flight");
    }

    @Test
    void shouldForgetLongAgoWhenSegmentsAreDropped() {
        // Given
        Instant first = NOW.minus(WINDOW.multipliedBy(10));
        ingest.sendExample("1", "book a flight", "book_flight", first);
        for (int day = 1; day < 10; day++) {
            ingest.sendExample("day-" + day, "text of day " + day, "translate", first.plus(WINDOW.multipliedBy(day)));
        }

        // When
        ingest.sendExample("1", "book a flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).hasSize(11).last().isEqualTo("1");
    }

    @Test
    void shouldNotForgetBecauseOfARecordFromTheFarFuture() {
        // Given
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("2", "from the future", "translate", FAR_FUTURE);

        // When
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("2", "from the future", "translate");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1", "2");
        assertThat(ingest.count(IngestMetrics.DUPLICATE, "task", "intent")).isEqualTo(2);
    }

    @Test
    void shouldForgetByTheClockAfterARecordFromTheFarFuture() {
        // Given
        ingest.sendExample("1", "from the future", "translate", FAR_FUTURE);
        ingest.sendExample("2", "book a flight", "book_flight");

        // When
        ingest.advanceClock(WINDOW.minus(Duration.ofMillis(1)));
        ingest.sendExample("2", "book a flight", "book_flight");
        ingest.advanceClock(Duration.ofMillis(1));
        ingest.sendExample("2", "book a flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1", "2", "2");
    }

    @Test
    void shouldRememberRecordsThatComeLate() {
        // Given
        ingest.sendExample("1", "on time", "translate");

        // When
        ingest.sendExample("2", "from the past", "translate", Instant.EPOCH);
        ingest.sendExample("2", "from the past", "translate", Instant.EPOCH);

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1", "2");
    }
}

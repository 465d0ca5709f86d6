package io.millrace.app.rejected;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Origin;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.RejectedRecords;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class RejectedListingTest {

    private final RejectedRecords rejected = new RejectedRecords(1 << 20);
    private long offset;

    @Test
    void shouldCountReasonsAndListTheNewestFirst() {
        // Given
        RejectedListing listing = new RejectedListing("mood", Optional.empty(), 2);

        // When
        listing.add(record("mood", RejectionReason.CONFLICTING_ID, "{\"id\":\"a\",\"text\":\"first\"}"));
        listing.add(record("mood", RejectionReason.UNKNOWN_LABEL, "{\"id\":\"b\",\"text\":\"second\"}"));
        listing.add(record("tone", RejectionReason.UNKNOWN_LABEL, "{\"id\":\"c\",\"text\":\"another\"}"));
        listing.add(record("mood", RejectionReason.CONFLICTING_ID, "{\"id\":\"d\",\"text\":\"third\"}"));

        // Then
        assertThat(listing.lines())
                .containsExactly(
                        "reason          records",
                        "conflicting-id        2",
                        "unknown-label         1",
                        "",
                        "time                  reason          topic     partition  offset  id  message          text",
                        "1970-01-01T00:00:03Z  conflicting-id  examples          7       3  d   a reason of 'x'  third",
                        "1970-01-01T00:00:01Z  unknown-label   examples          7       1  b   a reason of 'x'  second");
    }

    @Test
    void shouldListOneReasonAndCountAll() {
        // Given
        RejectedListing listing = new RejectedListing("mood", Optional.of(RejectionReason.UNKNOWN_LABEL), 5);

        // When
        listing.add(record("mood", RejectionReason.CONFLICTING_ID, "{\"id\":\"a\",\"text\":\"first\"}"));

        // Then
        assertThat(listing.lines()).containsExactly("reason          records", "conflicting-id        1");
    }

    @Test
    void shouldShowWhateverBytesSomebodyHasSentOnOneShortLine() {
        // Given
        RejectedListing listing = new RejectedListing("mood", Optional.empty(), 5);

        // When
        listing.add(record("mood", RejectionReason.INVALID_JSON, "no\u001B[2Jjson\n" + "x".repeat(1000)));
        listing.add(record("mood", RejectionReason.UNKNOWN_LABEL, "{\"id\":{},\"text\":\"a\\u202Eb\"}"));
        listing.add(record("mood", RejectionReason.NULL_VALUE, null));
        listing.add(record(
                "mood",
                RejectionReason.NOT_FINITE,
                "{\"example\":{\"id\":\"e\",\"text\":\"accepted once\"},\"origin\":{}}"));

        // Then
        assertThat(listing.lines())
                .filteredOn(line -> line.contains("no\\u001B[2Jjson\\u000Axxx"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("xxx...").hasSizeLessThan(200));
        assertThat(listing.lines()).anyMatch(line -> line.endsWith("  -   a reason of 'x'  a\\u202Eb"));
        assertThat(listing.lines()).anyMatch(line -> line.contains("null-value") && line.endsWith("  -"));
        assertThat(listing.lines()).anyMatch(line -> line.endsWith("  e   a reason of 'x'  accepted once"));
    }

    @Test
    void shouldListARecordOfASourceUnderTheTaskThatItsHeaderNames() {
        // Given
        RejectedListing listing = new RejectedListing("mood", Optional.empty(), 5);
        RejectedRecords.Raw sent = rejected.of(
                new RejectedRecords.Raw("4712".getBytes(UTF_8), "{".getBytes(UTF_8), new RecordHeaders()),
                "mood".getBytes(UTF_8),
                new Origin("acme.filed", 0, 1, 0),
                RejectionReason.INVALID_JSON,
                "cut short");
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("rejected-examples", 0, 0, "4712", sent.value());
        sent.headers().forEach(record.headers()::add);

        // When
        listing.add(record);

        // Then
        assertThat(listing.lines()).contains("reason        records", "invalid-json        1");
    }

    @Test
    void shouldListARecordWithoutHeaders() {
        // Given
        RejectedListing listing = new RejectedListing("mood", Optional.empty(), 5);

        // When
        listing.add(new ConsumerRecord<>("rejected-examples", 0, 0, "mood", "{}".getBytes(UTF_8)));

        // Then
        assertThat(listing.lines()).contains("reason  records", "     -        1");
    }

    @Test
    void shouldSayThatThereIsNothing() {
        assertThat(new RejectedListing("mood", Optional.empty(), 5).lines())
                .isEqualTo(List.of("no rejected record of task mood is on the topic"));
    }

    private ConsumerRecord<String, byte[]> record(String task, RejectionReason reason, String value) {
        RejectedRecords.Raw raw = new RejectedRecords.Raw(
                task.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), new RecordHeaders());
        RejectedRecords.Raw sent =
                rejected.of(raw, new Origin("examples", 7, offset, 1000 * offset), reason, "a reason of 'x'");
        long place = offset;
        offset++;
        return new ConsumerRecord<>(
                "rejected-examples",
                0,
                place,
                1000 * place,
                TimestampType.CREATE_TIME,
                task.length(),
                1,
                task,
                sent.value(),
                sent.headers(),
                Optional.empty());
    }
}

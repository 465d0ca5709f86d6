package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeGuardTest {

    @AutoClose
    private final IngestFixture ingest = new IngestFixture();

    @Test
    void shouldRejectAnExampleThatStandsInAProbeSetWhateverItsLabel() {
        // Given
        ingest.sendProbe("intent", "p1", "how do you say fly  in italian", null);

        // When
        ingest.sendExample("1", " how do you say fly in italian", "book_flight");
        ingest.sendExample("2", "how do you say fly in spanish", "translate");

        // Then
        assertThat(ingest.reasons()).containsExactly("in-probe-set");
        assertThat(ingest.acceptedIds()).containsExactly("2");
    }

    @Test
    void shouldCompareBothTextsOfAPair() {
        // Given
        ingest.sendProbe("nli", "p1", "two women", "two people");

        // When
        ingest.send(bytes("nli"), pair("1", "two women", "two people"));
        ingest.send(bytes("nli"), pair("2", "two women", "two men"));
        ingest.send(bytes("nli"), pair("3", "two people", "two women"));

        // Then
        assertThat(ingest.reasons()).containsExactly("in-probe-set");
        assertThat(ingest.acceptedIds()).containsExactly("2", "3");
    }

    @Test
    void shouldNotGuardAnotherTask() {
        // Given
        ingest.sendProbe("sentiment", "p1", "book a flight", null);

        // When
        ingest.sendExample("1", "book a flight", "book_flight");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
    }

    @Test
    void shouldAcceptTheTextOnceItsProbeIsDeleted() {
        // Given
        ingest.sendProbe("intent", "p1", "book a flight", null);
        ingest.sendExample("1", "book a flight", "book_flight");

        // When
        ingest.sendProbeBytes("intent/typos/p1", null);
        ingest.sendExample("1", "book a flight", "book_flight");

        // Then
        assertThat(ingest.reasons()).containsExactly("in-probe-set");
        assertThat(ingest.acceptedIds()).containsExactly("1");
    }

    @Test
    void shouldGuardATextUntilItsLastProbeIsDeleted() {
        // Given
        ingest.sendProbe("intent", "p1", "book a flight", null);
        ingest.sendProbe("intent", "p2", "book a flight", null);

        // When
        ingest.sendProbeBytes("intent/typos/p1", null);
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendProbeBytes("intent/typos/p2", null);
        ingest.sendExample("2", "book a flight", "book_flight");

        // Then
        assertThat(ingest.reasons()).containsExactly("in-probe-set");
        assertThat(ingest.acceptedIds()).containsExactly("2");
    }

    @Test
    void shouldGuardTheNewTextOfAReplacedProbeOnly() {
        // Given
        ingest.sendProbe("intent", "p1", "old text", null);
        ingest.sendProbe("intent", "p1", "new text", null);
        ingest.sendProbe("intent", "p1", "new text", null);

        // When
        ingest.sendExample("1", "old text", "translate");
        ingest.sendExample("2", "new text", "translate");

        // Then
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.probeCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "null",
                "[]",
                "{}",
                "{\"task\":\"intent\"}",
                "{\"task\":\"intent\",\"probeSet\":\"typos\",\"distribution\":\"out\",\"example\":{\"id\":\"p1\"}}",
                "{\"task\":\"intent\",\"distribution\":\"sideways\",\"example\":{\"id\":\"p1\",\"text\":\"t\"}}",
                "\u0000\u0001"
            })
    void shouldCountARecordThatIsNoProbeAndTakeOutWhatItReplaces(String malformed) {
        // Given
        ingest.sendProbe("intent", "p1", "book a flight", null);
        ingest.sendProbe("intent", "p2", "cancel a flight", null);

        // When
        ingest.sendProbeBytes("intent/typos/p1", bytes(malformed));
        ingest.sendExample("1", "book a flight", "book_flight");
        ingest.sendExample("2", "cancel a flight", "cancel_flight");

        // Then
        assertThat(ingest.count(IngestMetrics.MALFORMED_PROBES)).isEqualTo(1);
        assertThat(ingest.acceptedIds()).containsExactly("1");
        assertThat(ingest.reasons()).containsExactly("in-probe-set");
    }

    @Test
    void shouldCountTheProbesThatItKnows() {
        // When
        ingest.sendProbe("intent", "p1", "one", null);
        ingest.sendProbe("intent", "p2", "two", null);
        ingest.sendProbe("nli", "p1", "three", "four");
        ingest.sendProbeBytes("intent/typos/p2", null);
        ingest.sendProbeBytes("intent/typos/never-there", null);

        // Then
        assertThat(ingest.probeCount()).isEqualTo(2);
    }

    private static byte[] pair(String id, String text, String textPair) {
        return bytes("{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"textPair\":\"" + textPair
                + "\",\"label\":\"entailment\"}");
    }
}

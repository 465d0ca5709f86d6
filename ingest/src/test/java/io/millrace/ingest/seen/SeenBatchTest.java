package io.millrace.ingest.seen;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.seen.SeenBatch.Entry;
import io.millrace.schemas.store.Sha256;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class SeenBatchTest {

    private static final String CONTENT = "intent: book a flight: book_flight";
    private static final long DATE_MS = 1_769_860_800_000L;

    private final Fingerprints fingerprints = new Fingerprints();
    private final Fingerprint id = fingerprints.ofId("intent", "1");
    private final Fingerprint content = fingerprints.ofContent(CONTENT);

    @Test
    void shouldReadWhatItWrites() {
        // Given
        SeenBatch batch = new SeenBatch();
        batch.add(id, content, true, DATE_MS);
        batch.add(content, id, false, DATE_MS + 1);

        // When
        List<Entry> read = read(batch.key().get(), batch.value());

        // Then
        assertThat(read)
                .containsExactly(new Entry(id, content, true, DATE_MS), new Entry(content, id, false, DATE_MS + 1));
    }

    @Test
    void shouldNotUseAKeyTwice() {
        // Given
        SeenBatch first = new SeenBatch();
        first.add(id, content, true, DATE_MS);
        SeenBatch later = new SeenBatch();
        later.add(id, content, true, DATE_MS + 1);
        SeenBatch another = new SeenBatch();
        another.add(content, content, true, DATE_MS);

        // Then
        assertThat(List.of(first.key(), later.key(), another.key())).doesNotHaveDuplicates();
    }

    @Test
    void shouldFitIntoARecordOfAnyTopic() {
        // Given
        SeenBatch batch = new SeenBatch();
        while (!batch.isFull()) {
            batch.add(id, content, true, DATE_MS);
        }

        // Then
        assertThat(batch.value()).hasSize(41 * SeenBatch.MAX_ENTRIES).hasSizeLessThan(1 << 17);
    }

    @Test
    void shouldReadTheTwoRecordsOfAnEarlierVersion() {
        // Given
        String hash = Sha256.of(CONTENT);

        // When
        List<Entry> read = new ArrayList<>();
        read.addAll(read(formerKey("id:intent/1"), bytes(hash)));
        read.addAll(read(formerKey("content:" + hash), bytes("1")));

        // Then
        assertThat(read)
                .containsExactly(new Entry(id, content, false, DATE_MS), new Entry(null, content, true, DATE_MS));
    }

    @Test
    void shouldFindNothingInARecordThatWasDeleted() {
        assertThat(read(formerKey("id:intent/1"), null)).isEmpty();
    }

    private List<Entry> read(byte[] key, byte[] value) {
        List<Entry> entries = new ArrayList<>();
        SeenBatch.read(key, value, fingerprints, entries::add);
        return entries;
    }

    private static byte[] formerKey(String key) {
        byte[] text = bytes(key);
        return ByteBuffer.allocate(text.length + 12)
                .put(text)
                .putLong(DATE_MS)
                .putInt(0)
                .array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

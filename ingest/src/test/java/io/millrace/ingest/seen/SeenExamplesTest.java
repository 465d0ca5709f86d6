package io.millrace.ingest.seen;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

class SeenExamplesTest {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final long NOON = Duration.ofDays(20_000).plusHours(12).toMillis();

    @TempDir
    private Path directory;

    private final Fingerprints fingerprints = new Fingerprints();
    private SeenStore store;
    private SeenExamples seen;

    @BeforeEach
    void open() {
        open(directory);
    }

    private void open(Path directory) {
        store = SeenExamples.store(WINDOW).withLoggingDisabled().build();
        store.init(context(directory).getStateStoreContext(), store);
        seen = new SeenExamples(store, WINDOW);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldRememberWhatCameBeforeTheClockWasSetBack() {
        // Given
        remember("1", NOON);

        // When
        long setBack = NOON - 3 * WINDOW.toMillis();

        // Then
        assertThat(seen.contentOf(id("1"), setBack)).contains(content("1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRememberWhatComesWhileTheClockIsSetBack(boolean restarted) {
        // Given
        remember("1", NOON);
        if (restarted) {
            reopen();
        }
        long setBack = NOON - 3 * WINDOW.toMillis();

        // When
        remember("2", setBack);

        // Then
        assertThat(seen.contentOf(id("2"), setBack + 1)).contains(content("2"));
    }

    @Test
    void shouldKnowWhatTheStoreHeldAtTheStartBeforeAndAfterItIsLearnt() {
        // Given
        for (int i = 0; i < 10; i++) {
            remember("old-" + i, NOON);
        }
        reopen();

        // When
        boolean more = seen.learn(4);
        remember("new", NOON);

        // Then
        assertThat(more).isTrue();
        assertThat(known("old-0", "old-9", "new", "other")).containsExactly("old-0", "old-9", "new");
        assertThat(seen.learn(100)).isFalse();
        assertThat(known("old-0", "old-9", "new", "other")).containsExactly("old-0", "old-9", "new");
    }

    private List<String> known(String... ids) {
        return Stream.of(ids)
                .filter(id -> seen.contentOf(id(id), NOON).isPresent())
                .toList();
    }

    @Test
    void shouldKnowWhatIsNotWrittenYetAndWhatIs() {
        // When
        for (int i = 0; i <= SeenBatch.MAX_ENTRIES; i++) {
            remember("id-" + i, NOON);
        }

        // Then
        assertThat(known("id-0", "id-" + SeenBatch.MAX_ENTRIES, "other"))
                .containsExactly("id-0", "id-" + SeenBatch.MAX_ENTRIES);
        assertThat(seen.holdsContent(content("id-0"), NOON)).isTrue();
    }

    @Test
    void shouldBeginWithWhatIsOnDiskWhenItIsUsedAgain() {
        // Given
        remember("committed", NOON);
        store.commit(Map.of());
        remember("aborted", NOON);

        // When
        store.close();
        store.init(context(directory).getStateStoreContext(), store);
        seen = new SeenExamples(store, WINDOW);

        // Then
        assertThat(known("committed", "aborted")).containsExactly("committed");
    }

    @Test
    void shouldForgetAfterTheWindowAndDeleteTheFilesLater() {
        // Given
        remember("old", NOON);
        store.commit(Map.of());

        // When
        boolean before = seen.contentOf(id("old"), NOON + WINDOW.toMillis() - 1).isPresent();
        boolean after = seen.contentOf(id("old"), NOON + WINDOW.toMillis()).isPresent();
        remember("new", NOON + 2 * WINDOW.toMillis());
        store.commit(Map.of());

        // Then
        assertThat(before).isTrue();
        assertThat(after).isFalse();
        assertThat(directory.resolve(SeenExamples.STORE)).isDirectoryNotContaining("glob:**/" + segmentOf(NOON));
        assertThat(known("new")).containsExactly("new");
    }

    @Test
    void shouldBeReadWhileWhatItReadsIsForgotten() {
        // Given
        remember("1", NOON);
        remember("2", NOON);
        reopen();
        seen.learn(1);

        // When
        remember("new", NOON + 2 * WINDOW.toMillis());
        store.commit(Map.of());

        // Then
        assertThat(seen.learn(10)).isFalse();
        assertThat(seen.contentOf(id("2"), NOON + 2 * WINDOW.toMillis())).isEmpty();
    }

    private static MockProcessorContext<Void, Void> context(Path directory) {
        return new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
    }

    private void reopen() {
        store.commit(Map.of());
        store.close();
        open(directory);
    }

    private void remember(String id, long nowMs) {
        seen.remember(id(id), content(id), true, nowMs);
    }

    private Fingerprint id(String id) {
        return fingerprints.ofId("intent", id);
    }

    private Fingerprint content(String id) {
        return fingerprints.ofContent("text of " + id);
    }

    private static long segmentOf(long dateMs) {
        return dateMs / (WINDOW.toMillis() / 2);
    }
}

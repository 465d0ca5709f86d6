package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

class SeenExamplesTest {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final long NOON = Duration.ofDays(20_000).plusHours(12).toMillis();

    @TempDir
    private Path directory;

    private WindowStore<String, String> store;
    private SeenExamples seen;

    @BeforeEach
    void open() {
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
        store = SeenExamples.store(WINDOW).withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        seen = new SeenExamples(store, WINDOW);
    }

    @AfterEach
    void close() {
        seen.close();
        store.close();
    }

    @Test
    void shouldRememberWhatCameBeforeTheClockWasSetBack() {
        // Given
        seen.rememberId("intent", "1", "content", NOON);

        // When
        long setBack = NOON - 3 * WINDOW.toMillis();

        // Then
        assertThat(seen.contentOf("intent", "1", setBack)).contains("content");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRememberWhatComesWhileTheClockIsSetBack(boolean restarted) {
        // Given
        seen.rememberId("intent", "1", "content", NOON);
        if (restarted) {
            seen = new SeenExamples(store, WINDOW);
        }
        long setBack = NOON - 3 * WINDOW.toMillis();

        // When
        seen.rememberId("intent", "2", "other", setBack);

        // Then
        assertThat(seen.contentOf("intent", "2", setBack + 1)).contains("other");
    }

    @Test
    void shouldKnowWhatTheStoreHeldAtTheStartBeforeAndAfterItIsLearnt() {
        // Given
        for (int i = 0; i < 10; i++) {
            seen.rememberId("intent", "old-" + i, "content", NOON);
        }
        seen = new SeenExamples(store, WINDOW);

        // When
        boolean more = seen.learn(4);
        seen.rememberId("intent", "new", "content", NOON);

        // Then
        assertThat(more).isTrue();
        assertThat(known("old-0", "old-9", "new", "other")).containsExactly("old-0", "old-9", "new");
        assertThat(seen.learn(100)).isFalse();
        assertThat(known("old-0", "old-9", "new", "other")).containsExactly("old-0", "old-9", "new");
    }

    private List<String> known(String... ids) {
        return Stream.of(ids)
                .filter(id -> seen.contentOf("intent", id, NOON).isPresent())
                .toList();
    }
}

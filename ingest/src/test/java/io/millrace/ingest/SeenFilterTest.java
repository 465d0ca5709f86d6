package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class SeenFilterTest {

    private static final long WINDOW_MS = 1000;
    private static final int KEYS = 200_000;

    @Test
    void shouldHoldEveryKeyAndFewOthers() {
        // Given: several blocks
        SeenFilter filter = new SeenFilter(WINDOW_MS);

        // When
        IntStream.range(0, KEYS).forEach(i -> filter.add("id:mood/" + i, 500, 500));

        // Then
        assertThat(IntStream.range(0, KEYS)).allMatch(i -> filter.mayHold("id:mood/" + i));
        assertThat(IntStream.range(KEYS, 2 * KEYS)
                        .filter(i -> filter.mayHold("id:mood/" + i))
                        .count())
                .isLessThan(KEYS / 50);
    }

    @Test
    void shouldForgetAKeyOnceTheStoreHas() {
        // Given
        SeenFilter filter = new SeenFilter(WINDOW_MS);
        filter.add("old", 999, 999);

        // When
        filter.add("within a window", 1998, 1998);
        boolean remembered = filter.mayHold("old");
        filter.add("later", 3000, 3000);

        // Then
        assertThat(remembered).isTrue();
        assertThat(filter.mayHold("old")).isFalse();
        assertThat(filter.mayHold("later")).isTrue();
    }

    @Test
    void shouldSendEveryoneToTheStoreWhenItIsFull() {
        // Given
        SeenFilter filter = new SeenFilter(WINDOW_MS, 2);
        filter.add("1", 0, 0);

        // When
        boolean before = filter.mayHold("new");
        filter.add("2", 0, 0);
        filter.add("3", 0, 0);

        // Then
        assertThat(before).isFalse();
        assertThat(filter.mayHold("3")).isTrue();
        assertThat(filter.mayHold("new")).isTrue();
    }
}

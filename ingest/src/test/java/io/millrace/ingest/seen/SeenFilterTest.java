package io.millrace.ingest.seen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class SeenFilterTest {

    private static final long WINDOW_MS = 1000;
    private static final int KEYS = 200_000;

    private final Fingerprints fingerprints = new Fingerprints();

    @Test
    void shouldHoldEveryKeyAndFewOthers() {
        // Given: several blocks
        SeenFilter filter = new SeenFilter(WINDOW_MS);

        // When
        IntStream.range(0, KEYS).forEach(i -> filter.add(key(i), 500, 500));

        // Then
        assertThat(IntStream.range(0, KEYS)).allMatch(i -> filter.mayHold(key(i)));
        assertThat(IntStream.range(KEYS, 2 * KEYS)
                        .filter(i -> filter.mayHold(key(i)))
                        .count())
                .isLessThan(KEYS / 50);
    }

    @Test
    void shouldForgetAKeyOnceTheStoreHas() {
        // Given
        SeenFilter filter = new SeenFilter(WINDOW_MS);
        filter.add(key(0), 999, 999);

        // When
        filter.add(key(1), 1998, 1998);
        boolean remembered = filter.mayHold(key(0));
        filter.add(key(2), 3000, 3000);

        // Then
        assertThat(remembered).isTrue();
        assertThat(filter.mayHold(key(0))).isFalse();
        assertThat(filter.mayHold(key(2))).isTrue();
    }

    @Test
    void shouldSendEveryoneToTheStoreWhenItIsFull() {
        // Given
        SeenFilter filter = new SeenFilter(WINDOW_MS, 2);
        filter.add(key(3), 0, 0);

        // When
        boolean before = filter.mayHold(key(4));
        filter.add(key(5), 0, 0);
        filter.add(key(6), 0, 0);

        // Then
        assertThat(before).isFalse();
        assertThat(filter.mayHold(key(6))).isTrue();
        assertThat(filter.mayHold(key(4))).isTrue();
    }

    private Fingerprint key(int number) {
        return fingerprints.ofId("mood", Integer.toString(number));
    }
}

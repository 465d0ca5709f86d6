package io.millrace.encoder.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class WorkersTest {

    @Test
    void shouldWaitForAllPartsBeforeItFails() {
        AtomicInteger done = new AtomicInteger();
        try (Workers workers = new Workers(3)) {
            // When / Then
            assertThatThrownBy(() -> workers.run(3, part -> {
                        if (part == 0) {
                            throw new IllegalStateException("part 0");
                        }
                        return done.incrementAndGet();
                    }))
                    .hasMessage("part 0");
            assertThat(done).hasValue(2);
            assertThat(workers.run(2, part -> part)).containsExactly(0, 1);
        }
    }

    @Test
    void shouldDivideItemsIntoRangesOfAboutTheSameCost() {
        try (Workers workers = new Workers(3)) {
            assertThat(ranges(workers, 1, 1, 1, 1, 1, 1)).containsExactly("0-2", "2-4", "4-6");
            assertThat(ranges(workers, 90, 30, 30, 30)).containsExactly("0-1", "1-2", "2-4");
            assertThat(ranges(workers, 5, 5, 5, 5, 200)).containsExactly("0-4", "4-5");
            assertThat(ranges(workers, 7)).containsExactly("0-1");
            assertThat(ranges(workers)).isEmpty();
        }
    }

    @Test
    void shouldTakeEachItemOnceWhateverTheCosts() {
        try (Workers workers = new Workers(4)) {
            for (int items = 0; items < 12; items++) {
                long[] costs = new long[items];
                for (int i = 0; i < items; i++) {
                    costs[i] = (i * 7L + items) % 5;
                }

                // When
                List<int[]> ranges = workers.overRanges(costs, (from, to) -> new int[] {from, to});

                // Then
                int next = 0;
                for (int[] range : ranges) {
                    assertThat(range[0]).isEqualTo(next).isLessThan(range[1]);
                    next = range[1];
                }
                assertThat(next).isEqualTo(items);
                assertThat(ranges).hasSizeLessThanOrEqualTo(4);
            }
        }
    }

    private static List<String> ranges(Workers workers, long... costs) {
        return workers.overRanges(costs, (from, to) -> from + "-" + to);
    }
}

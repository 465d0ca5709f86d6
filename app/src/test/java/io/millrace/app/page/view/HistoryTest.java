package io.millrace.app.page.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class HistoryTest {

    private final History history = new History(8, 4);

    @Test
    void shouldKeepTheNewestRowsAsTheyCame() {
        // When
        addSteps(1, 100);

        // Then
        List<History.Band> all = history.all();
        assertThat(all.subList(all.size() - 8, all.size()))
                .extracting(History.Band::first)
                .containsExactly(93L, 94L, 95L, 96L, 97L, 98L, 99L, 100L);
        assertThat(all.get(all.size() - 1).low(0)).isEqualTo(100);
    }

    @Test
    void shouldStayBoundedAndLoseNoExtreme() {
        // Given
        history.add(1, Map.of("loss", 5.0));
        history.add(2, Map.of("loss", 99.0));
        history.add(3, Map.of("loss", -7.0));

        // When
        for (int step = 4; step <= 10_000; step++) {
            history.add(step, Map.of("loss", 1.0));
        }

        // Then
        List<History.Band> all = history.all();
        assertThat(all).hasSizeLessThanOrEqualTo(12);
        assertThat(all.stream().mapToLong(History.Band::rows).sum()).isEqualTo(10_000);
        assertThat(all.get(0).high(0)).isEqualTo(99);
        assertThat(all.get(0).low(0)).isEqualTo(-7);
        assertThat(all.stream().mapToDouble(band -> band.low(0)).skip(1)).containsOnly(1.0);
    }

    @Test
    void shouldReplaceStepsThatWereUndone() {
        // Given
        addSteps(1, 6);

        // When
        history.add(4, Map.of("loss", 40.0));

        // Then
        assertThat(history.all()).extracting(History.Band::first).containsExactly(1L, 2L, 3L, 4L);
        assertThat(history.all().get(3).low(0)).isEqualTo(40);
    }

    @Test
    void shouldForgetBandsThatWereUndone() {
        // Given
        addSteps(1, 100);

        // When
        history.add(1, Map.of("loss", 1.0));

        // Then
        assertThat(history.all()).hasSize(1);
    }

    @Test
    void shouldLeaveOutValuesThatAreNotFiniteAndSeriesBeyondTheBound() {
        // Given
        Map<String, Double> many = new HashMap<>();
        for (int i = 0; i < History.MAX_SERIES + 5; i++) {
            many.put("term" + i, Double.NaN);
        }

        // When
        history.add(1, many);

        // Then
        assertThat(history.names()).hasSize(History.MAX_SERIES);
        assertThat(history.all().get(0).low(0)).isNaN();
    }

    @Test
    void shouldTakeASeriesThatBeginsLater() {
        // Given
        addSteps(1, 20);

        // When
        history.add(21, Map.of("smoothness", 3.0));

        // Then
        List<History.Band> all = history.all();
        assertThat(history.names()).containsExactly("loss", "smoothness");
        assertThat(all.get(0).high(1)).isNaN();
        assertThat(all.get(all.size() - 1).low(1)).isEqualTo(3);
        assertThat(all.get(all.size() - 1).low(0)).isNaN();
    }

    private void addSteps(long first, long last) {
        for (long step = first; step <= last; step++) {
            history.add(step, Map.of("loss", (double) step));
        }
    }
}

package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoLinesTest {

    @Test
    void shouldShowHowFarTheStreamHasCome() {
        assertThat(DemoLines.progress(7_500, 15_000, 250))
                .isEqualTo("[###############...............] 7,500 of 15,000 examples  250/s, 0:30 left");
    }

    @Test
    void shouldShowNoSpeedBeforeThereIsOne() {
        assertThat(DemoLines.progress(0, 15_000, 0)).isEqualTo("[..............................] 0 of 15,000 examples");
    }

    @Test
    void shouldNotGoPastTheEndOfTheBar() {
        assertThat(DemoLines.progress(120, 100, 0)).isEqualTo("[##############################] 100 of 100 examples");
    }
}

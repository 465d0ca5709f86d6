package io.millrace.trainer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.Method;
import org.junit.jupiter.api.Test;

class TruncatedTextsTest {

    private final TruncatedTexts texts = new TruncatedTexts(Sentiments.task(Method.PLAIN));

    @Test
    void shouldWarnOnceWhenEnoughTextsWereSeen() {
        // When / Then
        assertThat(texts.add(TruncatedTexts.ENOUGH - 1, 5))
                .as("too few to speak of a share")
                .isFalse();
        assertThat(texts.add(1, 0)).isTrue();
        assertThat(texts.add(TruncatedTexts.ENOUGH, TruncatedTexts.ENOUGH))
                .as("once")
                .isFalse();
    }

    @Test
    void shouldSayNothingOfTextsThatFit() {
        // When / Then
        assertThat(texts.add(10 * TruncatedTexts.ENOUGH, 0)).isFalse();
        assertThat(texts.add(1, 1)).as("the first that does not").isTrue();
    }
}

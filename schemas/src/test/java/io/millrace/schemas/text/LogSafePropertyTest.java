package io.millrace.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class LogSafePropertyTest {

    @Property(seed = "1")
    void shouldShowAnyTextOnOneLineOfTheGivenLength(
            @ForAll @StringLength(max = 300) String text, @ForAll @IntRange(min = 3, max = 300) int maxChars) {
        // When
        String line = LogSafe.line(text, maxChars);

        // Then
        assertThat(line).hasSizeLessThanOrEqualTo(maxChars);
        assertThat(LogSafe.isPlain(line)).isTrue();
    }

    @Property(seed = "1")
    void shouldLeavePlainTextThatFitsAsItIs(@ForAll @StringLength(max = 300) String text) {
        // When
        String line = LogSafe.line(text, 300);

        // Then
        assertThat(line.equals(text)).isEqualTo(LogSafe.isPlain(text));
    }
}

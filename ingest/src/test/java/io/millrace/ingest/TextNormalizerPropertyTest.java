package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.text.Normalizer;

class TextNormalizerPropertyTest {

    @Property(seed = "1")
    void shouldLeaveAloneWhatItHasNormalized(@ForAll("texts") String text) {
        // When
        String normalized = TextNormalizer.normalize(text);

        // Then
        assertThat(TextNormalizer.normalize(normalized)).isEqualTo(normalized);
        assertThat(Normalizer.isNormalized(normalized, Normalizer.Form.NFC)).isTrue();
    }

    @Property(seed = "1")
    void shouldNotDependOnHowWordsAreSeparated(@ForAll("texts") String first, @ForAll("texts") String second) {
        assertThat(TextNormalizer.normalize(first + "\t\u00a0\r\n" + second))
                .isEqualTo(TextNormalizer.normalize(first + " " + second));
    }

    /** With what normalisation is about: marks, spaces, controls, letters that are made of two. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.of("e", "\u0301", "\u0323", "\u0344", "\uac00", "\u1100", "\u2028", "\u0007", " "),
                        Arbitraries.strings().ofMaxLength(5))
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }
}

package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class StorePathsTest {

    private static final Path ROOT = Path.of("/var/store");

    @ParameterizedTest
    @ValueSource(
            strings = {"intent/checkpoint-000120", "intent/./checkpoint-000120", "other/../intent/checkpoint-000120"})
    void shouldResolveLocationInsideStore(String location) {
        assertThat(StorePaths.resolve(ROOT, location)).isEqualTo(ROOT.resolve("intent/checkpoint-000120"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..a", "a..b", "...", "a b", "ü"})
    void shouldResolveNameThatOnlyLooksLikeTraversal(String location) {
        assertThat(StorePaths.resolve(ROOT, location)).isEqualTo(ROOT.resolve(location));
    }

    @Test
    void shouldResolveAgainstRelativeRoot() {
        // Given
        Path root = Path.of("some/../store");

        // When
        Path resolved = StorePaths.resolve(root, "intent");

        // Then
        assertThat(resolved).isEqualTo(Path.of("store/intent").toAbsolutePath());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                ".",
                "..",
                "../store2",
                "../../etc/passwd",
                "intent/../..",
                "intent/../../store2/a",
                "intent/..",
                "/etc/passwd",
                "/var/store/intent",
                "a\0b"
            })
    void shouldRefuseLocationThatIsNotInsideStore(String location) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StorePaths.resolve(ROOT, location))
                .withMessage(
                        "a location must be a relative path inside the store /var/store, got \"" + location + "\"");
    }
}

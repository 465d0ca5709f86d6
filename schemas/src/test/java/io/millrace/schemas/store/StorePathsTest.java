package io.millrace.schemas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class StorePathsTest {

    private static final Path ROOT = Path.of("/var/store");

    @TempDir
    private Path directory;

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
                "intent\\..\\..\\etc",
                "C:\\Windows"
            })
    void shouldRefuseLocationThatIsNotInsideStore(String location) {
        assertRefused(ROOT, location, location == null ? "none" : '"' + location + '"');
    }

    @Test
    void shouldRefuseLocationThatWouldNotShowWhatItIs() {
        assertRefused(ROOT, "a\0b", "\"a\\u0000b\"");
        assertRefused(ROOT, "a\nb", "\"a\\u000Ab\"");
        assertRefused(ROOT, "intent/\u202Etni", "\"intent/\\u202Etni\"");
    }

    @Test
    void shouldRefuseVeryLongLocation() {
        // Given
        String longest = "a/".repeat(511) + "bc";

        // When / Then
        assertThat(StorePaths.resolve(ROOT, longest)).isEqualTo(ROOT.resolve(longest));
        assertRefused(ROOT, longest + "d", "\"" + "a/".repeat(32) + "...\" (1025 characters)");
    }

    @Test
    void shouldRefuseSymbolicLinkThatLeadsOutOfStore() throws IOException {
        // Given
        Path store = Files.createDirectories(directory.resolve("store/intent")).getParent();
        Path outside = Files.createDirectories(directory.resolve("outside/checkpoint-000120"));
        Files.createSymbolicLink(store.resolve("intent/checkpoint-000120"), outside);
        Files.createSymbolicLink(store.resolve("nli"), outside.getParent());
        Files.createSymbolicLink(store.resolve("intent/gone"), store.resolve("intent/nowhere"));
        Files.createSymbolicLink(store.resolve("intent/circle"), store.resolve("intent/circle"));

        // When / Then
        assertRefused(store, "intent/checkpoint-000120", "\"intent/checkpoint-000120\"");
        assertRefused(store, "intent/checkpoint-000120/manifest.json", "\"intent/checkpoint-000120/manifest.json\"");
        assertRefused(store, "nli/checkpoint-000120", "\"nli/checkpoint-000120\"");
        assertRefused(store, "nli/not-there", "\"nli/not-there\"");
        assertRefused(store, "intent/gone", "\"intent/gone\"");
        assertRefused(store, "intent/circle", "\"intent/circle\"");
    }

    @Test
    void shouldFollowSymbolicLinkThatStaysInsideStoreOrLeadsToIt() throws IOException {
        // Given
        Path store = Files.createDirectories(directory.resolve("disk/intent/checkpoint-000120"))
                .getParent()
                .getParent();
        Path link = Files.createSymbolicLink(directory.resolve("store"), store);
        Files.createSymbolicLink(store.resolve("newest"), store.resolve("intent/checkpoint-000120"));

        // When / Then
        assertThat(StorePaths.resolve(link, "newest")).isEqualTo(link.resolve("newest"));
        assertThat(StorePaths.resolve(link, "intent/later")).isEqualTo(link.resolve("intent/later"));
    }

    private static void assertRefused(Path store, String location, String shown) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StorePaths.resolve(store, location))
                .withMessage("a location must be a relative path inside the store " + store + ", got " + shown);
    }
}

package io.millrace.schemas.store;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.nio.file.Path;
import java.util.Optional;

class StorePathsPropertyTest {

    private static final Path STORE = Path.of("store").toAbsolutePath();

    @Property(seed = "1")
    void shouldStayInTheStoreOrRefuse(@ForAll("locations") String location) {
        // When
        Optional<Path> resolved = resolved(location);

        // Then
        resolved.ifPresent(path -> assertThat(path)
                .isEqualTo(path.normalize())
                .startsWithRaw(STORE)
                .isNotEqualTo(STORE));
    }

    @Property(seed = "1")
    void shouldKeepWhatNeverGoesUp(@ForAll("names") String parent, @ForAll("names") String name) {
        assertThat(resolved(parent + "/" + name)).contains(STORE.resolve(parent).resolve(name));
    }

    private static Optional<Path> resolved(String location) {
        try {
            return Optional.of(StorePaths.resolve(STORE, location));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("a location must be a relative path inside the store " + STORE);
            return Optional.empty();
        }
    }

    @Provide
    Arbitrary<String> locations() {
        return Arbitraries.oneOf(Arbitraries.of("..", ".", "/", "\\", "~", "\0", "C:", "a"), Arbitraries.strings())
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("/", parts));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars('-', '_')
                .ofMinLength(1)
                .ofMaxLength(40);
    }
}

package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SecretTextTest {

    private static final String KEY = "ingest.registry.credentials";

    @TempDir
    private Path folder;

    @Test
    void shouldPutSecretsInThePlaceOfTheirReferences() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("secret.properties"), "password=open sesame\n");

        // Then
        assertThat(SecretText.read(KEY, "ali:${file:" + file + ":password}")).isEqualTo("ali:open sesame");
        assertThat(SecretText.read(KEY, "ali:${env:PATH}")).isEqualTo("ali:" + System.getenv("PATH"));
        assertThat(SecretText.read(KEY, "ali:plain")).isEqualTo("ali:plain");
    }

    @Test
    void shouldNameTheKeyWhoseReferenceLeadsNowhere() {
        assertThatThrownBy(() -> SecretText.read(KEY, "ali:${env:NOT_SET_ANYWHERE}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(KEY + " refers to ${env:NOT_SET_ANYWHERE}, which is not there.");
    }
}

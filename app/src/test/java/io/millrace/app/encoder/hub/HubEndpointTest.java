package io.millrace.app.encoder.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.Map;

class HubEndpointTest {

    @Test
    void shouldKeepTheTokenForTheHub() {
        // When
        HubEndpoint endpoint = HubEndpoint.of(Map.of("HF_TOKEN", " hf_x\n"));

        // Then
        assertThat(endpoint.tokenFor(URI.create("https://HUGGINGFACE.co:443/a")))
                .contains("hf_x");
        assertThat(endpoint.tokenFor(URI.create("http://huggingface.co/a"))).isEmpty();
        assertThat(endpoint.tokenFor(URI.create("https://huggingface.co:8443/a")))
                .isEmpty();
        assertThat(endpoint.tokenFor(URI.create("https://huggingface.co.example.org/a")))
                .isEmpty();
        assertThat(endpoint).hasToString("https://huggingface.co");
    }

    @Test
    void shouldMakeAddressesOfAnyRevision() {
        // When
        HubEndpoint endpoint = HubEndpoint.of(Map.of("HF_ENDPOINT", "HTTPS://mirror.example.org/hub/"));

        // Then
        assertThat(endpoint.file(new RepositoryName("org/tiny"), "refs/pr/1 ?#", "config.json"))
                .hasToString("https://mirror.example.org/hub/org/tiny/resolve/refs%2Fpr%2F1%20%3F%23/config.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "huggingface.co",
                "ftp://a.org",
                "https://",
                "https://u:p@a.org",
                "https://a.org?x",
                "https://a b"
            })
    void shouldRefuseWhatIsNoAddress(String endpoint) {
        // When
        var thrown = assertThatThrownBy(() -> HubEndpoint.of(Map.of("HF_ENDPOINT", endpoint)));

        // Then
        thrown.isInstanceOf(ConfigException.class).hasMessageStartingWith("HF_ENDPOINT must be an address");
    }

    @ParameterizedTest
    @CsvSource({
        "hf_a b, https://a.org, HF_TOKEN must be one word",
        "hf_ab, http://a.org, HF_ENDPOINT must begin with https"
    })
    void shouldNotGiveTheTokenAway(String token, String endpoint, String message) {
        // When
        var thrown = assertThatThrownBy(() -> HubEndpoint.of(Map.of("HF_ENDPOINT", endpoint, "HF_TOKEN", token)));

        // Then
        thrown.isInstanceOf(ConfigException.class).hasMessageContaining(message).hasMessageNotContaining(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b/c", "../x", "a/..", "a/b--c", "a/.b", "a b", "a/b?x", "a/b%2e", "/a"})
    void shouldRefuseWhatIsNoRepository(String name) {
        // When
        var thrown = assertThatThrownBy(() -> new RepositoryName(name));

        // Then
        thrown.isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("a repository must be named");
    }

    @Test
    void shouldTakeNamesOfRepositories() {
        // Then
        assertThat(new RepositoryName("sentence-transformers/all-MiniLM-L6-v2").name())
                .isEqualTo("all-MiniLM-L6-v2");
        assertThat(new RepositoryName("gpt2").name()).isEqualTo("gpt2");
    }
}

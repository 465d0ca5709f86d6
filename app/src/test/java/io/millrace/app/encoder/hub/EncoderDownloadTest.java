package io.millrace.app.encoder.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

class EncoderDownloadTest extends HubFixture {

    @Test
    void shouldFetchJsonAndSafetensorsOfOneCommit() throws Exception {
        // Given
        hub.put("tokenizer_config.json", "{}");
        hub.put("pytorch_model.bin", "a pickle");
        hub.put("README.md", "a text");

        // When
        String commit = download();

        // Then
        assertThat(commit).isEqualTo(HubServer.COMMIT);
        assertThat(target().toFile().list())
                .containsExactlyInAnyOrder(
                        "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors", "origin.json");
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            assertThat(target().resolve(file)).hasBinaryContent(content(file));
        }
        assertThat(target().resolve("origin.json"))
                .hasContent("{\"repository\":\"org/tiny\",\"revision\":\"main\",\"commit\":\"" + commit + "\"}\n");
        assertThat(hub.requests().stream().filter(request -> request.contains("/main/")))
                .containsExactly("hub HEAD /org/tiny/resolve/main/config.json");
    }

    @Test
    void shouldShowTheTokenToTheHubAlone() throws Exception {
        // When
        download("org/tiny", "main", "hf_secret");

        // Then
        assertThat(hub.requests())
                .filteredOn(request -> request.startsWith("hub"))
                .allMatch(request -> request.endsWith("Bearer hf_secret"));
        assertThat(hub.requests())
                .filteredOn(request -> request.startsWith("cdn"))
                .containsExactly("cdn GET /blobs/model.safetensors");
        assertThat(printed.toString()).doesNotContain("hf_secret", HubServer.SECRET);
    }

    @Test
    void shouldFollowAMirrorToAnotherHub() throws Exception {
        // Given
        hub.next("hub HEAD config.json", 308, "Location", hub.elsewhere("/org/tiny/config.json"));

        // When
        String commit = download("org/tiny", "main", "hf_secret");

        // Then
        assertThat(commit).isEqualTo(HubServer.COMMIT);
        assertThat(hub.requests()).contains("cdn HEAD /org/tiny/config.json");
        assertThat(target().resolve("config.json")).hasBinaryContent(content("config.json"));
    }

    @Test
    void shouldAskForTheRestOfABrokenAnswer() throws Exception {
        // Given
        byte[] weights = content("model.safetensors");
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(weights, 100_000));

        // When
        download();

        // Then
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(waits).containsExactly(Duration.ofSeconds(1));
        assertThat(hub.requests())
                .filteredOn(request -> request.startsWith("cdn"))
                .containsExactly("cdn GET /blobs/model.safetensors", "cdn GET /blobs/model.safetensors bytes=100000-");
    }

    @Test
    void shouldAskAgainWhenNothingArrives() throws Exception {
        // Given
        patience = Duration.ofSeconds(1);
        byte[] weights = content("model.safetensors");
        hub.next("cdn GET model.safetensors", hub.silentAfter(weights, 5000));

        // When
        download();

        // Then
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(printed.toString()).contains("nothing arrived for 1 seconds; trying again in 1 s");
    }

    @Test
    void shouldResumeInterruptedDownload() throws Exception {
        // Given
        byte[] weights = content("model.safetensors");
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(weights, 60_000));
        for (int i = 0; i < 4; i++) {
            hub.next("cdn GET model.safetensors", 503);
        }
        assertThatThrownBy(this::download)
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("cannot fetch model.safetensors of org/tiny from http://127.0.0.1:")
                .hasMessageContaining("answers 503, 5 times in a row. The same command resumes later.");
        assertThat(target().resolve("model.safetensors")).doesNotExist();

        // When
        download();

        // Then
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(hub.requests().get(hub.requests().size() - 1))
                .isEqualTo("cdn GET /blobs/model.safetensors bytes=60000-");
        assertThat(printed.toString()).contains("161,368 bytes, of which 60,000 were there from before");
    }

    @Test
    void shouldStartAgainWhereRangesAreUnknown() throws Exception {
        // Given
        byte[] weights = content("model.safetensors");
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(weights, 1000));
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(weights, weights.length));

        // When
        download();

        // Then
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @ParameterizedTest
    @CsvSource({"416, bytes */99", "206, bytes 0-99/100"})
    void shouldStartAgainAfterAnotherRange(int status, String range) throws Exception {
        // Given
        byte[] weights = content("model.safetensors");
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(weights, 1000));
        hub.next("cdn GET model.safetensors", status, "Content-Range", range);

        // When
        download();

        // Then
        assertThat(target().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(hub.requests().get(hub.requests().size() - 1)).isEqualTo("cdn GET /blobs/model.safetensors");
    }

    @Test
    void shouldStayAtTheCommitOfTheStart() throws Exception {
        // Given
        hub.next("hub HEAD tokenizer.json", 404, "X-Error-Code", "EntryNotFound");
        assertThatThrownBy(this::download).hasMessageContaining("has no tokenizer.json");

        // When
        download();

        // Then
        assertThat(hub.requests().stream().filter(request -> request.contains("/main/")))
                .hasSize(1);
        assertThat(printed.toString()).contains("config.json: is there already");
    }

    @Test
    void shouldDeleteAFileWithAnotherHash() throws Exception {
        // Given
        byte[] wrong = content("model.safetensors");
        wrong[wrong.length - 1] ^= 1;
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(wrong, wrong.length));

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("model.safetensors must have the SHA-256 ")
                .hasMessageContaining("got 161368 bytes with another, which were deleted. Run the same command again.");
        assertThat(target().toFile().list()).containsExactlyInAnyOrder("config.json", "tokenizer.json", "origin.json");
    }

    @Test
    void shouldFetchShards() throws Exception {
        // Given
        byte[] weights = content("model.safetensors");
        hub.next("hub HEAD model.safetensors", 404, "X-Error-Code", "EntryNotFound");
        hub.put("model-00001-of-00002.safetensors", weights);
        hub.put("model-00002-of-00002.safetensors", Arrays.copyOf(weights, 99));
        hub.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\", \"b\":"
                        + " \"model-00002-of-00002.safetensors\"}}");

        // When
        download();

        // Then
        assertThat(target().resolve("model-00001-of-00002.safetensors")).hasBinaryContent(weights);
        assertThat(target().resolve("model-00002-of-00002.safetensors")).hasSize(99);
    }

    @Test
    void shouldWaitAsLongAsTheHubAsks() throws Exception {
        // Given
        hub.next("hub HEAD config.json", 429, "RateLimit", "\"resolvers\";r=0;t=55");
        hub.next("hub HEAD config.json", 503, "Retry-After", "7");
        hub.next("hub HEAD config.json", 503);

        // When
        download();

        // Then
        assertThat(waits).containsExactly(Duration.ofSeconds(55), Duration.ofSeconds(7), Duration.ofSeconds(4));
        assertThat(Files.exists(target().resolve("model.safetensors"))).isTrue();
    }
}

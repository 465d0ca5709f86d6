package io.millrace.app.encoder.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;

class RefusedDownloadTest extends HubFixture {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            org/other | main | '' | wants a login for org/other (status 401): there is no such repository, or it is private
            org/other | main | hf_x | there is no repository org/other on http
            org/tiny | v9/\u202E | '' | org/tiny has no revision "v9/\\u202E". Give a branch, a tag or a commit
            """)
    void shouldSayWhatIsNotThere(String repository, String revision, String token, String message) {
        // When
        var thrown = assertThatThrownBy(() -> download(repository, revision, token));

        // Then
        thrown.isInstanceOf(DownloadException.class).hasMessageContaining(message);
        assertThat(target()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            401 | GatedRepo | '' | org/tiny is gated: its owner wants you to accept terms
            403 | GatedRepo | hf_x | with the account that HF_TOKEN is of
            401 | '' | hf_x | does not accept HF_TOKEN for org/tiny (status 401)
            403 | '' | hf_x | forbids access to org/tiny (status 403): Your token may not. Give the token
            404 | EntryNotFound | '' | org/tiny has no config.json at revision "main", so it is no encoder
            418 | '' | '' | answers 418 for config.json of org/tiny: Your token may not. Is HF_ENDPOINT the address of a hub?
            """)
    void shouldSayWhyTheHubRefuses(int status, String code, String token, String message) {
        // Given
        hub.next("hub HEAD config.json", status, "X-Error-Code", code, "X-Error-Message", "Your token may not.");

        // When
        var thrown = assertThatThrownBy(() -> download("org/tiny", "main", token));

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("hf_x");
    }

    @Test
    void shouldRecogniseAPageInPlaceOfAHub() {
        // Given
        hub.next("hub HEAD config.json", 200, "Content-Type", "text/html");

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("got an answer of \"text/html\" without them");
    }

    @Test
    void shouldRecogniseAPageInPlaceOfAFile() throws Exception {
        // Given
        byte[] page =
                Arrays.copyOf("<html>log in</html>".getBytes(StandardCharsets.UTF_8), content("config.json").length);
        hub.next("hub GET config.json", HubServer.cutAfter(page, page.length));

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("config.json must have the Git hash")
                .hasMessageContaining("It looks like HTML: does a proxy answer with a page of its own?");
    }

    @Test
    void shouldFetchNoPickle() {
        // Given
        hub.next("hub HEAD model.safetensors", 404, "X-Error-Code", "EntryNotFound");
        hub.put("pytorch_model.bin", "a pickle");

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("org/tiny has no model.safetensors, only pytorch_model.bin: that is a pickle");
        assertThat(hub.requests()).noneMatch(request -> request.contains("GET") && request.contains("pytorch_model"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", "x..safetensors", "model.bin", ""})
    void shouldNotLeaveTheDirectory(String shard) {
        // Given
        hub.next("hub HEAD model.safetensors", 404, "X-Error-Code", "EntryNotFound");
        hub.put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"" + shard + "\"}}");

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("weight_map must name safetensors files beside it, got \"" + shard + "\"");
        assertThat(folder.toFile().list()).containsExactly("tiny");
    }

    @Test
    void shouldFetchNoWeightsOfAnUnknownArchitecture() {
        // Given
        hub.put("config.json", "{\"model_type\": \"llama\"}");

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(UnusableCheckpointException.class).hasMessageContaining("\"llama\"");
        assertThat(hub.requests()).noneMatch(request -> request.contains("model.safetensors"));
    }

    @Test
    void shouldNeedRoomOnTheDisk() {
        // Given
        freeBytes = 1000;

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("must have room for the 0 MiB that are missing");
        assertThat(hub.requests()).noneMatch(request -> request.startsWith("cdn"));
    }

    @Test
    void shouldRefuseAFileThatIsTooLargeForItsKind() {
        // Given
        hub.put("config.json", new byte[(1 << 20) + 1]);

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class).hasMessageContaining("config.json must have at most 1 MiB");
    }

    @Test
    void shouldEndAnAnswerThatIsTooLong() {
        // Given
        byte[] endless = new byte[200_000];
        hub.next("cdn GET model.safetensors", HubServer.cutAfter(endless, endless.length));

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining("more bytes than the 161368 that were announced");
    }

    @Test
    void shouldKeepOutOfTheDirectoryOfAnother() throws Exception {
        // Given
        download();

        // When
        var otherRevision = assertThatThrownBy(() -> download("org/tiny", HubServer.COMMIT, ""));
        Files.writeString(target().resolve("config.json"), "{}");
        var changed = assertThatThrownBy(this::download);
        Files.delete(target().resolve("origin.json"));
        var unknown = assertThatThrownBy(this::download);

        // Then
        otherRevision.hasMessageContaining("holds \"org/tiny\" at revision \"main\", not org/tiny at revision");
        changed.hasMessageContaining("config.json must have the Git hash")
                .hasMessageContaining("changed after the download");
        unknown.hasMessageContaining("must be a new or empty directory");
    }

    @Test
    void shouldRefuseToWaitForLong() {
        // Given
        hub.next("hub HEAD config.json", 429, "Retry-After", "3600");

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class).hasMessageContaining("answers 429, for 3600 seconds");
        assertThat(waits).isEmpty();
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        // Given
        hub.close();

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class)
                .hasMessageContaining(": no connection to the host, 5 times in a row.")
                .hasMessageContaining("-Dhttps.proxyHost=HOST");
    }

    @ParameterizedTest
    @CsvSource({
        "file:///etc/passwd, not https",
        "'', not https",
        "/org/tiny/resolve/main/config.json, more than 8 times"
    })
    void shouldNotFollowEveryRedirect(String location, String message) {
        // Given
        for (int i = 0; i < 9; i++) {
            hub.next("hub HEAD config.json", 302, "Location", location);
        }

        // When
        var thrown = assertThatThrownBy(this::download);

        // Then
        thrown.isInstanceOf(DownloadException.class).hasMessageContaining(message);
    }
}

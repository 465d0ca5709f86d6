package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.config.DataDirectory;
import io.millrace.schemas.store.CheckpointManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class DemoIT {

    @TempDir
    private Path folder;

    @Test
    void shouldShowTheStreamToItsEndAndGoOnAtASecondStart() throws Exception {
        // Given
        String first = run(40);

        // When
        String second = run(64);

        // Then
        assertThat(first)
                .contains("checkpoint  step     2       40 examples   task ")
                .contains("promoted    step     2  in: known ")
                .contains("probe set  distribution")
                .contains("received 40 = accepted 40 + rejected 0 + duplicate 0; trained 40, quarantined 0")
                .contains("./millrace predict --checkpoint " + folder);
        assertThat(second)
                .contains("resumes      after step 2; 40 requests were sent before")
                .contains("checkpoint  step     3       64 examples   task ")
                .contains("received 24 = accepted 24 + rejected 0 + duplicate 0; trained 24, quarantined 0");
        Path newest = new DataDirectory(folder).store().resolve("intent").resolve("checkpoint-000003");
        assertThat(CheckpointManifest.readVerified(newest).step()).isEqualTo(3);
    }

    private String run(long limit) throws Exception {
        StringWriter out = new StringWriter();
        new Demo(new DemoOptions(
                        Optional.of(folder),
                        Map.of("method", "plain", "device", "cpu"),
                        limit,
                        0,
                        true,
                        new DemoOptions.ListenPorts(0, Optional.of(0)),
                        new DemoOptions.Console(new PrintWriter(out, true), false)))
                .run();
        return out.toString();
    }
}

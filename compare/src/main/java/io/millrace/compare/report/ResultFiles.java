package io.millrace.compare.report;

import io.millrace.compare.AtomicFiles;
import io.millrace.compare.Results;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The files that people read, each replaced as a whole.
 *
 * @param folder where they lie
 * @param table the table
 */
public record ResultFiles(Path folder, TableFile table) {

    public void write(Results results) throws IOException {
        AtomicFiles.write(folder.resolve("runs.csv"), RunsCsv.of(results));
        AtomicFiles.write(folder.resolve("table.md"), table.text(results));
        AtomicFiles.write(folder.resolve("curves.svg"), Curves.of(results));
    }
}

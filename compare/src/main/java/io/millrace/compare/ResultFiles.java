package io.millrace.compare;

import io.millrace.compare.report.Curves;
import io.millrace.compare.report.RunsCsv;
import io.millrace.compare.report.TableFile;
import io.millrace.compare.result.Results;
import io.millrace.schemas.store.AtomicFile;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The files for people; each is replaced as a whole.
 *
 * @param folder the folder of the files
 * @param table the table
 */
public record ResultFiles(Path folder, TableFile table) {

    public void write(Results results) throws IOException {
        AtomicFile.write(folder.resolve("runs.csv"), RunsCsv.of(results));
        AtomicFile.write(folder.resolve("table.md"), table.text(results));
        AtomicFile.write(folder.resolve("curves.svg"), Curves.of(results));
    }
}

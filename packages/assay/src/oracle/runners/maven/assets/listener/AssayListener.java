import java.io.FileWriter;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes what the JUnit Platform does to a file of JSON lines: the plan before anything of it is executed, then each start and
 * end. What tests print does not come near it.
 */
public class AssayListener implements TestExecutionListener {
  private static final int FRAMES_MAX = 200;
  private static final int TEXT_MAX = 4096;
  private final Writer out = open();
  private final Set<String> answered = new LinkedHashSet<>();
  private TestPlan plan;

  private static Writer open() {
    String path = System.getProperty("assay.events");
    try {
      return path == null ? null : new FileWriter(path, true);
    } catch (IOException problem) {
      return null;
    }
  }

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
    write("plan", null, "");
    for (TestIdentifier root : testPlan.getRoots()) {
      for (TestIdentifier each : testPlan.getDescendants(root)) if (each.isTest()) write("collected", each, "");
    }
  }

  @Override
  public void dynamicTestRegistered(TestIdentifier test) {
    if (test.isTest()) write("collected", test, "");
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.isTest()) write("running", test, "");
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    if (test.isTest()) finish(test, "skipped", null);
    for (TestIdentifier each : plan.getDescendants(test)) if (each.isTest()) finish(each, "skipped", null);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Throwable thrown = result.getThrowable().orElse(null);
    boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
    boolean aborted = result.getStatus() == TestExecutionResult.Status.ABORTED;
    if (test.isTest()) {
      finish(test, failed ? "failed" : aborted ? "skipped" : "passed", failed ? thrown : null);
      return;
    }
    if (!failed && !aborted) return;
    // A set-up that fails leaves the tests below it unanswered; a tear-down that fails comes after their answers.
    boolean any = false;
    for (TestIdentifier each : plan.getDescendants(test)) {
      if (!each.isTest() || answered.contains(each.getUniqueId())) continue;
      any = true;
      finish(each, failed ? "errored" : "skipped", failed ? thrown : null);
    }
    if (failed && !any) write("broken", test, failure(thrown));
  }

  @Override
  public void testPlanExecutionFinished(TestPlan testPlan) {
    write("done", null, "");
  }

  private void finish(TestIdentifier test, String outcome, Throwable thrown) {
    answered.add(test.getUniqueId());
    write("result", test, ",\"outcome\":" + text(outcome) + failure(thrown));
  }

  private synchronized void write(String event, TestIdentifier test, String more) {
    if (out == null) return;
    try {
      out.write("{\"e\":" + text(event) + (test == null ? "" : ",\"path\":" + path(test)) + more + "}\n");
      out.flush();
    } catch (IOException problem) {
      // The reader sees that events are missing.
    }
  }

  /** The unique id's parts as type and value. */
  private static String path(TestIdentifier test) {
    StringBuilder json = new StringBuilder("[");
    for (UniqueId.Segment segment : UniqueId.parse(test.getUniqueId()).getSegments()) {
      if (json.length() > 1) json.append(',');
      json.append('[').append(text(segment.getType())).append(',').append(text(segment.getValue())).append(']');
    }
    return json.append(']').toString();
  }

  private static String failure(Throwable thrown) {
    if (thrown == null) return "";
    StringBuilder json = new StringBuilder(",\"failure\":{\"type\":" + text(thrown.getClass().getName()));
    json.append(",\"message\":").append(text(message(thrown)));
    value(thrown, "getExpected").ifPresent(value -> json.append(",\"expected\":").append(text(value)));
    value(thrown, "getActual").ifPresent(value -> json.append(",\"actual\":").append(text(value)));
    json.append(",\"stack\":[");
    int frames = 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getLineNumber() < 1 || frame.getFileName() == null || frames == FRAMES_MAX) continue;
      if (frames++ > 0) json.append(',');
      json.append("{\"class\":").append(text(frame.getClassName())).append(",\"file\":").append(text(frame.getFileName()));
      json.append(",\"line\":").append(frame.getLineNumber());
      json.append(",\"function\":").append(text(frame.getMethodName())).append('}');
    }
    return json.append("]}").toString();
  }

  private static String message(Throwable thrown) {
    try {
      return String.valueOf(thrown.getMessage());
    } catch (Throwable inMessage) {
      return "";
    }
  }

  /** What opentest4j's and JUnit 4's comparison failures expected and saw. */
  private static Optional<String> value(Throwable thrown, String name) {
    try {
      Method method = thrown.getClass().getMethod(name);
      Object value = method.invoke(thrown);
      if (value == null) return Optional.empty();
      if (value instanceof String) return Optional.of((String) value);
      Object shown = value.getClass().getMethod("getStringRepresentation").invoke(value);
      return Optional.ofNullable((String) shown);
    } catch (ReflectiveOperationException | RuntimeException none) {
      return Optional.empty();
    }
  }

  private static String text(String value) {
    StringBuilder json = new StringBuilder("\"");
    for (int index = 0; index < Math.min(value.length(), TEXT_MAX); index++) {
      char character = value.charAt(index);
      if (character == '"' || character == '\\') json.append('\\').append(character);
      else if (character < ' ' || Character.isSurrogate(character) || character == '\u007f') {
        json.append(String.format("\\u%04x", (int) character));
      } else json.append(character);
    }
    return json.append('"').toString();
  }
}

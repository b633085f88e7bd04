import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateHashModel;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateNumberModel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Base64;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Parses templates with FreeMarker. Prints its version, then reads one line for each template, in base64, and
 * prints one: "error" or "legal". With the argument render, the latter is followed by what the template renders to
 * with 1 for all variables, in base64, if it renders. With the argument names, prints the names of all built-ins on
 * one line and those of all directives on another.
 */
public class Oracle {
    /** A variable that is the number 1 and has each variable as a key. */
    static class One implements TemplateHashModel, TemplateNumberModel {
        public TemplateModel get(String key) { return this; }
        public boolean isEmpty() { return false; }
        public Number getAsNumber() { return 1; }
    }

    public static void main(String[] args) throws Exception {
        Configuration defaults = new Configuration(Configuration.VERSION_2_3_31);
        defaults.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        defaults.setLogTemplateExceptions(false);
        defaults.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        if (args.length > 0 && args[0].equals("names")) {
            printNames(defaults.getSupportedBuiltInNames());
            printNames(defaults.getSupportedBuiltInDirectiveNames());
            return;
        }
        boolean render = args.length > 0 && args[0].equals("render");
        System.out.println(Configuration.getVersion());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String text = new String(Base64.getDecoder().decode(line), UTF_8);
            System.out.println(resultOf(text, defaults, render));
        }
    }

    static void printNames(Iterable<?> names) {
        for (Object name : names) {
            System.out.print(name + " ");
        }
        System.out.println();
    }

    static String resultOf(String text, Configuration defaults, boolean render) {
        Template template;
        try {
            template = new Template("template", new StringReader(text), defaults);
        } catch (Exception | StackOverflowError e) {
            return "error";
        }
        if (!render) {
            return "legal";
        }
        try {
            StringWriter out = new StringWriter();
            template.process(new One(), out);
            return "legal " + Base64.getEncoder().encodeToString(out.toString().getBytes(UTF_8));
        } catch (Exception | StackOverflowError e) {
            return "legal";
        }
    }
}

// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ShellCompDirective } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

const HELP = `
Prints a script that the shell reads at its start: then the tab key completes verbs, flags and the values of flags that
have choices, and otherwise the names of files.

Examples:
  source <(zenoh-arrow completion bash)              # ~/.bashrc
  source <(zenoh-arrow completion zsh)               # ~/.zshrc, after compinit
  zenoh-arrow completion fish > ~/.config/fish/completions/zenoh-arrow.fish
`;

/** Adds the verb `completion`, and the hidden `complete` that its scripts call: both know every verb added before. */
export function addCompletion(program: Command): void {
  const root = tab(program, { completionCommandName: 'completion' });
  // It always says that no names of files are to be offered: but arguments and many flags are files.
  Object.defineProperty(root, 'directive', {
    get: () =>
      root.completions.length === 0
        ? ShellCompDirective.ShellCompDirectiveDefault
        : ShellCompDirective.ShellCompDirectiveNoFileComp,
    set: () => {},
  });
  program.commands
    .find((command) => command.name() === 'completion')
    ?.description('print a script for completion in the shell')
    .addHelpText('after', HELP)
    .hook('postAction', ({ args: [shell] }) => {
      if (shell === 'bash') process.stdout.write(BASH);
    });
}

/** What the script for bash takes from the package bash-completion, for where that is not; and names of files at all. */
const BASH = `
if ! declare -F _get_comp_words_by_ref > /dev/null; then
    _get_comp_words_by_ref() {
        words=("\${COMP_WORDS[@]}")
        cword=$COMP_CWORD
        cur=\${COMP_WORDS[COMP_CWORD]}
        prev=\${COMP_WORDS[COMP_CWORD-1]}
    }
fi
complete -o default -F __zenoh_arrow_complete zenoh-arrow
`;

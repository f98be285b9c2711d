// Compiles the contracts beside this file into contracts.json:
//   npm install --no-save solc@0.8.30 && node compile.mjs
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
const solc = createRequire(process.cwd() + '/')('solc');
const here = path.dirname(new URL(import.meta.url).pathname);
const sources = Object.fromEntries(['Token.sol', 'RawLog.sol'].map((name) => [name, { content: fs.readFileSync(path.join(here, name), 'utf8') }]));
const settings = { optimizer: { enabled: true, runs: 200 }, evmVersion: 'cancun', metadata: { bytecodeHash: 'none' }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } } };
const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
for (const error of output.errors ?? []) console.error(error.formattedMessage);
const contracts = {};
for (const file of Object.values(output.contracts)) for (const [name, contract] of Object.entries(file)) {
  contracts[name] = { abi: contract.abi, bytecode: '0x' + contract.evm.bytecode.object, deployedBytecode: '0x' + contract.evm.deployedBytecode.object };
}
fs.writeFileSync(path.join(here, 'contracts.json'), JSON.stringify({ compiler: 'solc ' + solc.version(), settings: { optimizer: settings.optimizer, evmVersion: settings.evmVersion }, contracts }, null, 1) + '\n');
